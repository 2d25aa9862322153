"""packbench's C++ side. Import packbench instead: its Cell and Pack check shapes and explain."""

from os import PathLike
from typing import Any, Dict, List, Optional, Sequence, Tuple, Union

import numpy
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[numpy.float64]
Flags = NDArray[numpy.uint8]

__version__: str

class Curve:
    def __init__(self, soc: List[float], value: List[float]) -> None: ...

class ResistanceMap:
    def __init__(self, soc: List[float], temperature_degC: List[float], charge_ohm: List[float], discharge_ohm: List[float]) -> None: ...

class Validity:
    min_soc: float
    max_soc: float
    min_degC: float
    max_degC: float
    max_charge_C: float
    max_discharge_C: float

class Reaction:
    def __init__(self, name: str, heat_J_per_kg: float, frequency_per_s: float, activation_J_per_mol: float,
                 autocatalytic_seed: float, inhibition: float) -> None: ...

class RunawayParameters:
    def __init__(self, reactions: List[Reaction], collapse_degC: float, collapse_width_K: float, collapse_ohm: float) -> None: ...

class PlatingParameters:
    def __init__(self, temperature_degC: List[float], limit_empty_C: List[float], limit_full_C: List[float]) -> None: ...

class CellParameters:
    def __init__(self, other: "CellParameters" = ...) -> None: ...
    name: str
    capacity_Ah: float
    coulomb_efficiency: float
    ocv_V: Curve
    hysteresis_V: Curve
    entropy_V_per_K: Curve
    r0: ResistanceMap
    activation_energy_J_per_mol: Optional[float]
    hysteresis_soc: float
    self_discharge_ohm: float
    mass_kg: float
    specific_heat_J_per_kgK: float
    surface_share: float
    core_surface_W_per_K: float
    runaway: RunawayParameters
    plating: PlatingParameters
    validity: Validity
    taus_s: List[float]
    def add_pair(self, resistance: ResistanceMap, tau_s: float) -> None: ...
    def set_rate(self, soc: List[float], temperature_degC: List[float], rate: List[float]) -> None: ...
    def set_validity(self, min_soc: float, max_soc: float, min_degC: float, max_degC: float, max_charge_C: float,
                     max_discharge_C: float) -> None: ...

class Cell:
    parameters: CellParameters
    def __init__(self, parameters: CellParameters) -> None: ...
    @staticmethod
    def read(file_or_name: str) -> "Cell": ...
    def scaled_to(self, capacity_Ah: float) -> "Cell": ...
    def ocv_V(self, soc: ArrayLike, temperature_degC: ArrayLike, branch: ArrayLike) -> Any: ...
    def resistance_ohm(self, soc: ArrayLike, temperature_degC: ArrayLike, charging: ArrayLike, element: ArrayLike) -> Any: ...
    def hysteresis_V(self, soc: ArrayLike) -> Any: ...
    def entropy_V_per_K(self, soc: ArrayLike) -> Any: ...
    def rate(self, soc: ArrayLike, temperature_degC: ArrayLike) -> Any: ...

class Spread:
    capacity_sigma: float
    soc_sigma: float
    resistance_sigma: float
    correlation: float

class PackParameters:
    cell: Cell
    cells: int
    parallel: int
    spread: Spread
    ageing_acceleration: float
    bleed_ohm: float
    joint_ohm: float
    neighbour_W_per_K: float
    ambient_W_per_K: float
    coolant_W_per_K: float
    @staticmethod
    def read(profile: str) -> "PackParameters": ...
    def set_cell(self, cell: Cell) -> None: ...

class PackBatch:
    parameters: PackParameters
    packs: int
    def __init__(self, parameters: PackParameters, packs: int, soc: float, temperature_degC: float, seed: int) -> None: ...
    def copy(self) -> "PackBatch": ...
    def has(self, name: str) -> bool: ...
    def read(self, name: str) -> Floats: ...
    def set(self, name: str, values: Floats) -> None: ...
    def step(self, current_A: Floats, bleed: Flags, ambient_degC: float, coolant_degC: float, dt_s: float) -> None: ...
    def run(self, current_A: Floats, dt_s: Floats, ambient_degC: Floats, coolant_degC: Floats, bleed: Flags, steps: int,
            repeats: int, every: int, names: Sequence[str], threads: int) -> List[Floats]: ...
    def outside_validity(self) -> List[int]: ...

def pack_fields() -> List[Tuple[str, str, bool]]: ...

class FitRecord:
    def __init__(self, name: str, temperature_degC: float, start_soc: Optional[float], time_s: List[float],
                 current_A: List[float], voltage_V: List[float]) -> None: ...

class RecordFit:
    name: str
    temperature_degC: float
    soc: Floats
    own_V: Floats
    cell_V: Floats
    own_rms_V: float
    cell_rms_V: float
    knee_rms_V: float
    top_rms_V: float
    bins: Dict[str, Floats]

class FitOptions:
    pairs: int
    capacity_Ah: Optional[float]
    by_direction: bool
    hysteresis: bool
    hysteresis_soc: float
    noise_V: float
    knee_soc: float
    ocv_step_soc: float
    longest_tau_s: float

class FitResult:
    capacity_Ah: float
    records: List[RecordFit]
    remarks: List[str]
    ocv_soc: Floats
    ocv_V: Floats
    ocv_sigma_V: Floats
    taus_sigma_s: Floats
    cell: Cell

def usual_pairs(records: int) -> int: ...
def fit_cell(records: List[FitRecord], options: FitOptions) -> FitResult: ...

class ScenarioError(ValueError): ...

class CheckResult:
    name: str
    requirement: List[str]
    verdict: str
    margin: Optional[float]
    unit: str
    measured: Optional[float]
    limit: Optional[float]
    worst_at_s: Optional[float]
    marginal: bool
    detail: str
    formula: str

class RunResult:
    scenario: str
    device: str
    verdict: str
    reason: str
    sim_s: float
    wall_s: float
    steps: int
    seed: int
    trace_file: str
    trace_hash: str
    first_fault: Optional[str]
    notes: List[str]
    checks: List[CheckResult]

def run(scenario: "Union[str, PathLike[str]]", *, device: str = ..., out: "Optional[Union[str, PathLike[str]]]" = ...,
        defect: str = ..., seed: Optional[int] = ..., set: Sequence[str] = ..., api: bool = ..., speed: float = ...) -> RunResult: ...

def _simulate(scenario: str, out: "PathLike[str]", seed: Optional[int], set: List[str], trace_period_s: float) -> RunResult: ...
