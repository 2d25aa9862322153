from os import PathLike
from typing import Optional, Sequence

import numpy
from numpy.typing import ArrayLike, NDArray

from .trace import Trace as Trace, read_trace as read_trace

__version__: str

class ScenarioError(ValueError): ...

class Pack:
    def __init__(self, profile: str = "lfp-15s-100ah", *, packs: int = 1, soc: float = 0.5, temperature_degC: float = 25.0,
                 seed: int = 1) -> None: ...
    def step(self, current_A: ArrayLike, dt_s: float, *, bleed: Optional[ArrayLike] = None,
             ambient_degC: float = 25.0) -> NDArray[numpy.float64]: ...
    def cell_voltage_V(self) -> NDArray[numpy.float64]: ...
    def cell_ocv_V(self) -> NDArray[numpy.float64]: ...
    cell_soc: NDArray[numpy.float64]
    cell_temperature_degC: NDArray[numpy.float64]
    cell_capacity_Ah: NDArray[numpy.float64]
    soc: NDArray[numpy.float64]
    cells: int
    packs: int

class CheckResult:
    name: str
    requirement: list[str]
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
    notes: list[str]
    checks: list[CheckResult]

def run(scenario: "str | PathLike[str]", *, device: str = "native:", out: "Optional[str | PathLike[str]]" = None, defect: str = "",
        seed: Optional[int] = None, set: Sequence[str] = (), api: bool = True, speed: float = 0.0) -> RunResult: ...
