"""From measured records to a cell (models/fit/fit.h has the method)."""

import dataclasses
import typing

import numpy
from numpy.typing import ArrayLike, NDArray

from . import _core
from .cell import Cell

Floats = NDArray[numpy.float64]


@dataclasses.dataclass(frozen=True)
class Record:
    """One measured record of one cell; all arrays of shape (samples,).

    time_s            strictly rising
    current_A         what flowed since the sample before; positive charges
    voltage_V         read at the sample
    temperature_degC  of the chamber
    start_soc         0..1; None: a full charge must stand in the record
    """

    time_s: ArrayLike
    current_A: ArrayLike
    voltage_V: ArrayLike
    temperature_degC: float = 25.0
    start_soc: typing.Optional[float] = None
    name: str = ""

    def _core(self, number: int) -> "_core.FitRecord":
        arrays = [numpy.asarray(values, dtype=float) for values in (self.time_s, self.current_A, self.voltage_V)]
        if arrays[0].ndim != 1 or any(array.shape != arrays[0].shape for array in arrays):
            shapes = ", ".join(str(array.shape) for array in arrays)
            raise ValueError(f"time_s, current_A and voltage_V of a record must have one shape (samples,), but have {shapes}")
        name = self.name or f"record {number}"
        return _core.FitRecord(name, self.temperature_degC, self.start_soc, *(array.tolist() for array in arrays))


@dataclasses.dataclass(frozen=True)
class Fit:
    """A cell as its records show it.

    cell          a Cell: heat and what can go wrong are defaults (Cell.with_constants sets mass and the like)
    capacity_Ah   given, or counted from full
    ocv_sigma_V   standard error of the OCV at ocv_soc; taus_sigma_s: of the time constants, shape (pairs,)
    records       for each record: soc, cell_V (what the cell gives), own_V (with the deviation of this record's OCV), of
                  shape (samples,); cell_rms_V and own_rms_V between 10 and 95 % SOC, knee_rms_V below 10 %, top_rms_V
                  above 95 %; bins: a dict of arrays over bins of 5 % SOC
    remarks       what could not be identified, sentences
    """

    cell: Cell
    capacity_Ah: float
    ocv_soc: Floats
    ocv_V: Floats
    ocv_sigma_V: Floats
    taus_sigma_s: Floats
    records: "typing.List[_core.RecordFit]"
    remarks: typing.List[str]


def fit(
    records: typing.Sequence[Record],
    *,
    pairs: typing.Optional[int] = None,
    capacity_Ah: typing.Optional[float] = None,
    by_direction: bool = True,
    hysteresis: bool = True,
    hysteresis_soc: float = 0.03,
    noise_V: float = 0.001,
    knee_soc: float = 0.08,
    ocv_step_soc: float = 0.025,
    longest_tau_s: float = 3600.0,
) -> Fit:
    """Identifies a cell from records at one or more temperatures, in seconds, without the interpreter's lock.

    pairs         RC pairs, 0 to 3 (None: 3 for one record, 2 for several); by_direction: separate resistances for charge and discharge
    capacity_Ah   None: what the record next to 25 degC discharges from full
    hysteresis    kept only where the data shows it
    The others are options of models/fit/fit.h. Raises ValueError with a sentence for every problem of the records.
    """
    options = _core.FitOptions()
    if pairs is None:
        pairs = _core.usual_pairs(len(records))
    settings = dict(pairs=pairs, capacity_Ah=capacity_Ah, by_direction=by_direction, hysteresis=hysteresis,
                    hysteresis_soc=hysteresis_soc, noise_V=noise_V, knee_soc=knee_soc, ocv_step_soc=ocv_step_soc,
                    longest_tau_s=longest_tau_s)
    for name, value in settings.items():
        setattr(options, name, value)
    result = _core.fit_cell([record._core(number) for number, record in enumerate(records, 1)], options)
    return Fit(Cell._of(result.cell), result.capacity_Ah, result.ocv_soc, result.ocv_V, result.ocv_sigma_V,
               result.taus_sigma_s, result.records, result.remarks)
