"""Packs of cells: one or a batch, stepped or run over a profile (models/pack.h has the equations)."""

import copy as _copy
import dataclasses
import typing

import numpy
from numpy.typing import ArrayLike, NDArray

from . import _core
from .cell import Cell
from .trace import Trace

Floats = NDArray[numpy.float64]

# name -> (unit, what it is). One value for each cell, unless `pack_` begins the name; those marked = may be set.
ARRAYS = {
    "cell_soc": ("1", "= state of charge, may leave 0..1"),
    "cell_rc1_V": ("V", "= overpotential of the first RC pair"),
    "cell_rc2_V": ("V", "= overpotential of the second RC pair"),
    "cell_rc3_V": ("V", "= overpotential of the third RC pair"),
    "cell_hysteresis": ("1", "= -1 on the discharge branch .. 1 on the charge branch"),
    "cell_core_degC": ("degC", "= core temperature"),
    "cell_surface_degC": ("degC", "= surface temperature"),
    "cell_capacity_Ah": ("Ah", "= capacity now"),
    "cell_resistance_factor": ("1", "= of every resistance of the cell, now"),
    "cell_internal_S": ("S", "= conductance between the electrodes: self-discharge, internal short"),
    "cell_joint_ohm": ("ohm", "= resistance of the cell's connection"),
    "cell_heater_W": ("W", "= heat from outside into the surface"),
    "cell_ocv_factor": ("1", "= what decomposition has left of the open-circuit voltage"),
    "cell_reacted1": ("1", "= conversion of the first decomposition reaction, 0..1"),
    "cell_reacted2": ("1", "= conversion of the second decomposition reaction, 0..1"),
    "cell_reacted3": ("1", "= conversion of the third decomposition reaction, 0..1"),
    "cell_reacted4": ("1", "= conversion of the fourth decomposition reaction, 0..1"),
    "cell_plated_Ah": ("Ah", "= charge put in faster than the anode could take it"),
    "cell_grown_S": ("S", "the part of cell_internal_S that the cell grew itself (separator, copper): it stays"),
    "cell_heat_W": ("W", "heat made in the core, mean of the last step"),
    "cell_current_A": ("A", "terminal current of each cell"),
    "cell_ocv_V": ("V", "open-circuit voltage midway between the branches"),
    "cell_resistance_ohm": ("ohm", "the resistance that acts at once"),
    "cell_voltage_V": ("V", "sensed voltage of each position, shape (packs, cells)"),
    "pack_voltage_V": ("V", "sum of the sensed voltages, shape (packs,)"),
    "pack_soc": ("1", "by the weakest and the fullest position, shape (packs,)"),
}
_SETTABLE = frozenset(name for name, (_, text) in ARRAYS.items() if text.startswith("="))

# Bits of Pack.outside_validity().
OUTSIDE = {1: "soc_low", 2: "soc_high", 4: "cold", 8: "hot", 16: "charge_rate", 32: "discharge_rate"}


@dataclasses.dataclass(frozen=True)
class Spread:
    """One standard deviation between cells, drawn from the seed: relative, absolute SOC, relative; cut at 4 sigma.

    correlation  of capacity and resistance, -1..1
    """

    capacity_sigma: float = 0.0
    soc_sigma: float = 0.0
    resistance_sigma: float = 0.0
    correlation: float = 0.0


def _floats(name: str, values: ArrayLike) -> Floats:
    array = numpy.ascontiguousarray(values, dtype=numpy.float64)
    if not numpy.isfinite(array).all():
        raise ValueError(f"{name} must be finite numbers")
    return array


class Pack:
    """One pack, or a batch of packs, with its state.

    pack    the name of a pack profile ("lfp-15s-100ah"), a pack profile's file, or a Cell
    cells   positions in series, 1..24; parallel: cells of each position, 1..100; packs: packs of the batch
    soc     0..1, as pack_soc says; temperature_degC: of cores and surfaces
    seed    of the spread between cells; a batch is the packs 0.. of that seed. With a Cell there is no spread by default

    ageing_acceleration  time and throughput count so many times for a cell that ages (models/ageing.h)

    What is None comes from the profile, or is the default of models/pack.h. Positive current charges. Arrays of cells
    have the shape (packs, cells), or (packs, cells, parallel) for a pack of parallel groups; ARRAYS lists them with
    units. Reading one gives a read-only copy; assigning one sets it (an array of that shape or what broadcasts to it).
    Conditions (internal_S, joint_ohm, heater_W, capacity_Ah, resistance_factor) are how faults enter, as physics:

        pack.set("cell_internal_S", 1 / 0.5, cell=4)     # an internal short of 0.5 ohm in the fifth cell
    """

    # The arrays of ARRAYS, for editors and type checkers; __getattr__ reads them.
    cell_soc: Floats
    cell_rc1_V: Floats
    cell_rc2_V: Floats
    cell_rc3_V: Floats
    cell_hysteresis: Floats
    cell_core_degC: Floats
    cell_surface_degC: Floats
    cell_capacity_Ah: Floats
    cell_resistance_factor: Floats
    cell_internal_S: Floats
    cell_joint_ohm: Floats
    cell_heater_W: Floats
    cell_ocv_factor: Floats
    cell_reacted1: Floats
    cell_reacted2: Floats
    cell_reacted3: Floats
    cell_reacted4: Floats
    cell_plated_Ah: Floats
    cell_grown_S: Floats
    cell_heat_W: Floats
    cell_current_A: Floats
    cell_ocv_V: Floats
    cell_resistance_ohm: Floats
    cell_voltage_V: Floats
    pack_voltage_V: Floats
    pack_soc: Floats

    def __init__(
        self,
        pack: "typing.Union[str, Cell]" = "lfp-15s-100ah",
        *,
        cells: typing.Optional[int] = None,
        parallel: typing.Optional[int] = None,
        packs: int = 1,
        soc: float = 0.5,
        temperature_degC: float = 25.0,
        seed: int = 1,
        spread: typing.Optional[Spread] = None,
        bleed_ohm: typing.Optional[float] = None,
        joint_ohm: typing.Optional[float] = None,
        neighbour_W_per_K: typing.Optional[float] = None,
        ambient_W_per_K: typing.Optional[float] = None,
        coolant_W_per_K: typing.Optional[float] = None,
        ageing_acceleration: typing.Optional[float] = None,
    ) -> None:
        if isinstance(pack, Cell):
            parameters = _core.PackParameters()
            parameters.set_cell(pack._core)
            spread = spread or Spread()
        else:
            parameters = _core.PackParameters.read(pack)
        settings = dict(cells=cells, parallel=parallel, bleed_ohm=bleed_ohm, joint_ohm=joint_ohm,
                        neighbour_W_per_K=neighbour_W_per_K, ambient_W_per_K=ambient_W_per_K,
                        coolant_W_per_K=coolant_W_per_K, ageing_acceleration=ageing_acceleration)
        for name, value in settings.items():
            if value is not None:
                setattr(parameters, name, value)
        if spread is not None:
            drawn = _core.Spread()
            for field in dataclasses.fields(Spread):
                setattr(drawn, field.name, getattr(spread, field.name))
            parameters.spread = drawn
        self._batch = _core.PackBatch(parameters, packs, soc, temperature_degC, seed)

    # What it is

    @property
    def cells(self) -> int:
        """Positions in series."""
        return self._batch.parameters.cells

    @property
    def parallel(self) -> int:
        """Cells of each position."""
        return self._batch.parameters.parallel

    @property
    def packs(self) -> int:
        """Packs of the batch."""
        return self._batch.packs

    @property
    def cell(self) -> Cell:
        """What each cell is."""
        return Cell._of(self._batch.parameters.cell)

    @property
    def arrays(self) -> typing.List[str]:
        """The names that this pack has: those of ARRAYS but for effects that its cell has no parameters for."""
        return [name for name in ARRAYS if self._batch.has(name)]

    def copy(self) -> "Pack":
        """A snapshot: the same packs in the same state, going their own way from here."""
        other = _copy.copy(self)
        other._batch = self._batch.copy()
        return other

    # Arrays by name

    def __getattr__(self, name: str) -> Floats:
        if name not in ARRAYS:
            raise AttributeError(f"a Pack has no '{name}'")
        return self.get(name)

    def __setattr__(self, name: str, value: typing.Any) -> None:
        if name in ARRAYS:
            self.set(name, value)
        elif name.startswith("_"):
            object.__setattr__(self, name, value)
        else:
            raise AttributeError(f"a Pack has no '{name}' that could be set; arrays are {', '.join(sorted(_SETTABLE))}")

    def get(self, name: str) -> Floats:
        """The array of this name as a read-only copy."""
        array = self._batch.read(name).reshape(self._shape(name))
        array.flags.writeable = False
        return array

    def set(self, name: str, values: ArrayLike, *, pack: typing.Any = slice(None), cell: typing.Any = slice(None),
            member: typing.Any = slice(None)) -> None:
        """Sets an array, or the part of it that pack, cell and member (indices or slices, from 0) choose."""
        if name not in _SETTABLE:
            raise ValueError(f"'{name}' cannot be set; {', '.join(sorted(_SETTABLE))} can")
        whole = self._batch.read(name).reshape(self._shape(name))
        given = _floats(name, values)
        chosen = (pack, cell, member)[: whole.ndim]
        try:
            whole[chosen] = given
        except (IndexError, ValueError) as error:
            raise ValueError(f"{name} has the shape {whole.shape}; [{pack}, {cell}] of it cannot take values of the "
                             f"shape {given.shape}: {error}") from None
        self._batch.set(name, numpy.ascontiguousarray(whole))

    def outside_validity(self) -> typing.List[typing.FrozenSet[str]]:
        """For each pack, which ends of the cell's validity it is beyond: names of OUTSIDE."""
        return [frozenset(name for bit, name in OUTSIDE.items() if bits & bit) for bits in self._batch.outside_validity()]

    # Time

    def step(self, current_A: ArrayLike, dt_s: float = 1.0, *, bleed: typing.Optional[ArrayLike] = None,
             ambient_degC: float = 25.0, coolant_degC: typing.Optional[float] = None) -> Floats:
        """Holds the pack currents (a number, or shape (packs,)) for dt_s and returns cell_voltage_V.

        bleed         flags of the bleed resistors, shape (packs, cells) or what broadcasts to it; None: all off
        coolant_degC  None: as the ambient
        """
        current = numpy.ascontiguousarray(self._broadcast("current_A", _floats("current_A", current_A), (self.packs,)))
        self._batch.step(current, self._flags(bleed), ambient_degC, ambient_degC if coolant_degC is None else coolant_degC,
                         dt_s)
        return self.get("cell_voltage_V")

    def run(self, current_A: ArrayLike, dt_s: ArrayLike = 1.0, *, ambient_degC: ArrayLike = 25.0,
            coolant_degC: typing.Optional[ArrayLike] = None, bleed: typing.Optional[ArrayLike] = None, repeat: int = 1,
            record: typing.Sequence[str] = ("cell_voltage_V", "cell_soc", "cell_surface_degC"), every: int = 1,
            threads: int = 1) -> Trace:
        """Runs the batch over a profile, without the interpreter's lock, and returns what was recorded.

        current_A     shape (steps,), the same for all packs, or (steps, packs); held in each step
        dt_s          of each step: a number, or shape (steps,); so are ambient_degC and coolant_degC (None: as the ambient)
        bleed         flags held during the run, as in step()
        repeat        runs the whole profile so often, one after the other
        record        names of ARRAYS, recorded at the end of every `every`-th step under the current of that step
        threads       packs are divided among them; the result is the same

        The trace has time_s of shape (records,) and by name arrays of shape (records, ) + that of the array.
        """
        current = _floats("current_A", current_A)
        if current.ndim not in (1, 2) or current.shape[0] == 0 or (current.ndim == 2 and current.shape[1] != self.packs):
            raise ValueError(f"current_A must have the shape (steps,) or (steps, {self.packs}), but has {current.shape}")
        steps = current.shape[0]
        if int(repeat) < 1 or int(every) < 1 or int(threads) < 1:
            raise ValueError(f"repeat, every and threads must be at least 1, but are {repeat}, {every} and {threads}")
        dt = self._by_step("dt_s", dt_s, steps)
        if not (dt > 0).all():
            raise ValueError("dt_s must be above 0")
        ambient = self._by_step("ambient_degC", ambient_degC, steps)
        coolant = ambient if coolant_degC is None else self._by_step("coolant_degC", coolant_degC, steps)
        rows = self._batch.run(current, dt, ambient, coolant, self._flags(bleed), steps, int(repeat), int(every),
                               list(record), int(threads))
        signals = {name: array.reshape((array.shape[0],) + self._shape(name)) for name, array in zip(record, rows)}
        return Trace(self._times(dt, steps, int(repeat), int(every)), signals, {name: ARRAYS[name][0] for name in record})

    @staticmethod
    def _times(dt: Floats, steps: int, repeat: int, every: int) -> Floats:
        step = numpy.arange(every, steps * repeat + 1, every)  # steps done at each record
        if dt.size == 1:
            return step * dt[0]
        ends = numpy.concatenate(([0.0], numpy.cumsum(dt)))
        return (step // steps) * ends[-1] + ends[step % steps]

    def _shape(self, name: str) -> typing.Tuple[int, ...]:
        if name.startswith("pack_"):
            return (self.packs,)
        if name == "cell_voltage_V" or self.parallel == 1:
            return (self.packs, self.cells)
        return (self.packs, self.cells, self.parallel)

    @staticmethod
    def _broadcast(name: str, values: Floats, shape: typing.Tuple[int, ...]) -> Floats:
        try:
            return numpy.broadcast_to(values, shape)
        except ValueError:
            raise ValueError(f"{name} must have the shape {shape} or broadcast to it, but has {values.shape}") from None

    def _flags(self, bleed: typing.Optional[ArrayLike]) -> NDArray[numpy.uint8]:
        if bleed is None:
            return numpy.zeros(0, dtype=numpy.uint8)
        flags = self._broadcast("bleed", numpy.asarray(bleed) != 0, (self.packs, self.cells))
        return numpy.ascontiguousarray(flags, dtype=numpy.uint8).ravel()

    @staticmethod
    def _by_step(name: str, values: ArrayLike, steps: int) -> Floats:
        array = _floats(name, values)
        if array.shape not in ((), (1,), (steps,)):
            raise ValueError(f"{name} must be a number or have the shape ({steps},), but has {array.shape}")
        return array.reshape(-1)

    def __repr__(self) -> str:
        return f"<Pack {self.cells}S{self.parallel}P of {self.cell!r}, {self.packs} in the batch>"
