"""A cell: tables and constants of an equivalent circuit (models/cell.h has the equations)."""

import dataclasses
import os
import typing

import numpy
from numpy.typing import ArrayLike, NDArray

from . import _core

Curve = typing.Tuple[ArrayLike, ArrayLike]


@dataclasses.dataclass(frozen=True)
class ResistanceTable:
    """Resistance over state of charge, temperature and direction of current.

    soc               shape (n,), strictly rising from 0 to 1
    temperature_degC  shape (m,), strictly rising, 1 to 8 values
    charge_ohm        shape (n, m)
    discharge_ohm     shape (n, m); the same as charge_ohm when left out
    """

    soc: ArrayLike
    temperature_degC: ArrayLike
    charge_ohm: ArrayLike
    discharge_ohm: typing.Optional[ArrayLike] = None


@dataclasses.dataclass(frozen=True)
class Rate:
    """How much faster all RC pairs relax than at rate 1.

    soc shape (n,), temperature_degC shape (m,), value shape (n, m), above 0
    """

    soc: ArrayLike
    temperature_degC: ArrayLike
    value: ArrayLike


@dataclasses.dataclass(frozen=True)
class Validity:
    """Where a cell's parameters were measured or are claimed; rates are current over capacity in 1/h."""

    min_soc: float = 0.0
    max_soc: float = 1.0
    min_degC: float = -273.15
    max_degC: float = 1000.0
    max_charge_C: float = 1000.0
    max_discharge_C: float = 1000.0


@dataclasses.dataclass(frozen=True)
class Reaction:
    """One exothermic decomposition (models/reactions.h): d(alpha)/dt = A exp(-Ea/RT) (1 - alpha) (s + (1 - s) alpha) exp(-b alpha).

    heat_J_per_kg is per kg of cell, for alpha from 0 to 1; s autocatalytic_seed, 1 for first order; b inhibition
    """

    name: str
    heat_J_per_kg: float
    frequency_per_s: float
    activation_J_per_mol: float
    autocatalytic_seed: float = 1.0
    inhibition: float = 0.0


@dataclasses.dataclass(frozen=True)
class Runaway:
    """How a hot cell decomposes: up to four reactions, and the separator's collapse to collapse_ohm (0: none)."""

    reactions: typing.Sequence[Reaction]
    collapse_degC: float = 150.0
    collapse_width_K: float = 10.0
    collapse_ohm: float = 0.02


@dataclasses.dataclass(frozen=True)
class Plating:
    """Highest charge rate (1/h) without plating, at SOC 0 and 1, over temperature; all of shape (n,)."""

    temperature_degC: ArrayLike
    limit_empty_C: ArrayLike
    limit_full_C: ArrayLike


Resistance = typing.Union[float, ResistanceTable]


def _flat(name: str, values: ArrayLike, shape: typing.Tuple[int, ...]) -> typing.List[float]:
    array = numpy.asarray(values, dtype=float)
    if array.shape != shape:
        raise ValueError(f"{name} must have the shape {shape}, but has {array.shape}")
    return array.ravel().tolist()


def _line(name: str, values: ArrayLike) -> typing.List[float]:
    array = numpy.asarray(values, dtype=float)
    if array.ndim != 1 or array.size == 0:
        raise ValueError(f"{name} must be one row of numbers, but has the shape {array.shape}")
    return array.tolist()


def _curve(name: str, curve: Curve) -> "_core.Curve":
    if not isinstance(curve, (tuple, list)) or len(curve) != 2:
        raise ValueError(f"{name} must be a pair (soc, values)")
    soc = _line(f"the SOC of {name}", curve[0])
    return _core.Curve(soc, _flat(name, curve[1], (len(soc),)))


def _map(name: str, resistance: Resistance) -> "_core.ResistanceMap":
    if not isinstance(resistance, ResistanceTable):
        ohm = [float(resistance)] * 2
        return _core.ResistanceMap([0.0, 1.0], [25.0], ohm, ohm)
    soc = _line(f"the SOC of {name}", resistance.soc)
    degC = _line(f"the temperatures of {name}", resistance.temperature_degC)
    shape = (len(soc), len(degC))
    charge = _flat(f"charge_ohm of {name}", resistance.charge_ohm, shape)
    if resistance.discharge_ohm is None:
        return _core.ResistanceMap(soc, degC, charge, charge)
    return _core.ResistanceMap(soc, degC, charge, _flat(f"discharge_ohm of {name}", resistance.discharge_ohm, shape))


CONSTANTS = ("hysteresis_soc", "coulomb_efficiency", "activation_energy_J_per_mol", "self_discharge_ohm", "mass_kg",
             "specific_heat_J_per_kgK", "surface_share", "core_surface_W_per_K")


def _set_constants(parameters: "_core.CellParameters", constants: typing.Mapping[str, float]) -> None:
    for key, value in constants.items():
        if key not in CONSTANTS:
            raise ValueError(f"a Cell has no constant '{key}'; known are {', '.join(CONSTANTS)}")
        setattr(parameters, key, value)


class Cell:
    """One cell, from tables; or from a cell file with Cell.from_file.

    capacity_Ah       above 0
    ocv_V             pair (soc, V): OCV at 25 degC midway between the branches, never falling; SOC from 0 to 1
    r0_ohm            what acts at once: a number, or a ResistanceTable
    pairs             up to three (resistance, tau_s)
    hysteresis_V      pair (soc, V): charge branch minus discharge branch
    entropy_V_per_K   pair (soc, dU/dT)
    rate              a Rate: all pairs relax faster by this
    validity          a Validity
    runaway, plating  a Runaway, a Plating; None: the cell has no such effect
    The other arguments carry their units; None takes the default of models/cell.h. Raises ValueError with a sentence
    for every problem.
    """

    def __init__(
        self,
        *,
        capacity_Ah: float,
        ocv_V: Curve,
        r0_ohm: Resistance,
        pairs: typing.Sequence[typing.Tuple[Resistance, float]] = (),
        hysteresis_V: typing.Optional[Curve] = None,
        entropy_V_per_K: typing.Optional[Curve] = None,
        rate: typing.Optional[Rate] = None,
        validity: typing.Optional[Validity] = None,
        runaway: typing.Optional[Runaway] = None,
        plating: typing.Optional[Plating] = None,
        name: str = "",
        hysteresis_soc: typing.Optional[float] = None,
        coulomb_efficiency: typing.Optional[float] = None,
        activation_energy_J_per_mol: typing.Optional[float] = None,
        self_discharge_ohm: typing.Optional[float] = None,
        mass_kg: typing.Optional[float] = None,
        specific_heat_J_per_kgK: typing.Optional[float] = None,
        surface_share: typing.Optional[float] = None,
        core_surface_W_per_K: typing.Optional[float] = None,
    ) -> None:
        parameters = _core.CellParameters()
        parameters.name, parameters.capacity_Ah = name, capacity_Ah
        parameters.ocv_V, parameters.r0 = _curve("ocv_V", ocv_V), _map("r0_ohm", r0_ohm)
        if hysteresis_V is not None:
            parameters.hysteresis_V = _curve("hysteresis_V", hysteresis_V)
        if entropy_V_per_K is not None:
            parameters.entropy_V_per_K = _curve("entropy_V_per_K", entropy_V_per_K)
        for number, (resistance, tau_s) in enumerate(pairs, 1):
            parameters.add_pair(_map(f"pair {number}", resistance), tau_s)
        if rate is not None:
            soc, degC = _line("the SOC of rate", rate.soc), _line("the temperatures of rate", rate.temperature_degC)
            parameters.set_rate(soc, degC, _flat("rate", rate.value, (len(soc), len(degC))))
        if validity is not None:
            parameters.set_validity(*dataclasses.astuple(validity))
        if runaway is not None:
            reactions = [_core.Reaction(*dataclasses.astuple(reaction)) for reaction in runaway.reactions]
            parameters.runaway = _core.RunawayParameters(
                reactions, runaway.collapse_degC, runaway.collapse_width_K, runaway.collapse_ohm)
        if plating is not None:
            degC = _line("the temperatures of plating", plating.temperature_degC)
            limits = [_flat(f"{name} of plating", getattr(plating, name), (len(degC),))
                      for name in ("limit_empty_C", "limit_full_C")]
            parameters.plating = _core.PlatingParameters(degC, *limits)
        constants = dict(
            hysteresis_soc=hysteresis_soc, coulomb_efficiency=coulomb_efficiency,
            activation_energy_J_per_mol=activation_energy_J_per_mol, self_discharge_ohm=self_discharge_ohm,
            mass_kg=mass_kg, specific_heat_J_per_kgK=specific_heat_J_per_kgK, surface_share=surface_share,
            core_surface_W_per_K=core_surface_W_per_K)
        _set_constants(parameters, {key: value for key, value in constants.items() if value is not None})
        self._core = _core.Cell(parameters)

    @classmethod
    def from_file(cls, file: "typing.Union[str, os.PathLike[str]]") -> "Cell":
        """The cell of a file, or by the name of its folder in scenarios/cells ("lfp_sony26650")."""
        return cls._of(_core.Cell.read(os.fspath(file)))

    @classmethod
    def _of(cls, core: "_core.Cell") -> "Cell":
        cell = cls.__new__(cls)
        cell._core = core
        return cell

    @property
    def name(self) -> str:
        """As its file or its maker says; may be empty."""
        return self._core.parameters.name

    @property
    def capacity_Ah(self) -> float:
        """Charge from empty to full."""
        return self._core.parameters.capacity_Ah

    @property
    def mass_kg(self) -> float:
        """Mass, which carries heat."""
        return self._core.parameters.mass_kg

    @property
    def hysteresis_soc(self) -> float:
        """The SOC swing after which 1/e of the way to the other branch is left."""
        return self._core.parameters.hysteresis_soc

    @property
    def taus_s(self) -> NDArray[numpy.float64]:
        """Time constants of the RC pairs at rate 1, shape (pairs,)."""
        return numpy.array(self._core.parameters.taus_s)

    @property
    def validity(self) -> Validity:
        """Where the parameters were measured or are claimed."""
        known = self._core.parameters.validity
        return Validity(**{field.name: getattr(known, field.name) for field in dataclasses.fields(Validity)})

    def ocv_V(self, soc: ArrayLike, temperature_degC: ArrayLike = 25.0, branch: ArrayLike = 0.0) -> typing.Any:
        """Open-circuit voltage; branch -1 is the discharge branch, 1 the charge branch, 0 midway. Arguments broadcast."""
        return self._core.ocv_V(soc, temperature_degC, branch)

    def hysteresis_V(self, soc: ArrayLike) -> typing.Any:
        """Charge branch minus discharge branch."""
        return self._core.hysteresis_V(soc)

    def entropy_V_per_K(self, soc: ArrayLike) -> typing.Any:
        """dU/dT."""
        return self._core.entropy_V_per_K(soc)

    def r0_ohm(self, soc: ArrayLike, temperature_degC: ArrayLike = 25.0, *, charging: ArrayLike = False) -> typing.Any:
        """The resistance that acts at once. Arguments broadcast."""
        return self._core.resistance_ohm(soc, temperature_degC, charging, 0)

    def pair_ohm(self, pair: int, soc: ArrayLike, temperature_degC: ArrayLike = 25.0, *,
                 charging: ArrayLike = False) -> typing.Any:
        """The resistance of an RC pair, counted from 0. Arguments broadcast."""
        return self._core.resistance_ohm(soc, temperature_degC, charging, 1 + self._pair(pair))

    def tau_s(self, pair: int, soc: ArrayLike, temperature_degC: ArrayLike = 25.0) -> typing.Any:
        """The time constant of an RC pair, counted from 0. Arguments broadcast."""
        return self.taus_s[self._pair(pair)] / self._core.rate(soc, temperature_degC)

    def scaled_to(self, capacity_Ah: float) -> "Cell":
        """The same electrodes in a cell of another size: voltages stay, resistances go with 1/capacity; the mass stays."""
        return self._of(self._core.scaled_to(capacity_Ah))

    def with_constants(self, **constants: float) -> "Cell":
        """The same cell with other constants, by the names of CONSTANTS (mass_kg=1.95)."""
        parameters = _core.CellParameters(self._core.parameters)
        _set_constants(parameters, constants)
        return self._of(_core.Cell(parameters))

    def _pair(self, pair: int) -> int:
        if not 0 <= pair < len(self.taus_s):
            raise ValueError(f"there is no RC pair {pair}: the cell has {len(self.taus_s)}, counted from 0")
        return pair

    def __repr__(self) -> str:
        return f"<Cell '{self.name}' {self.capacity_Ah:g} Ah, {len(self.taus_s)} RC pairs>"
