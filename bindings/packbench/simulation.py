"""The pack of a scenario alone, without a device."""

import dataclasses
import os
import pathlib
import tempfile
import typing

from . import _core
from .trace import Trace, read_trace


@dataclasses.dataclass(frozen=True)
class Simulation(Trace):
    """The trace of a simulated scenario, and what its checks came to.

    result  a RunResult: verdict and checks on truth.* and sensed.*; those that need a device are skipped, never passed
    """

    result: "_core.RunResult"


def simulate(
    scenario: "typing.Union[str, os.PathLike[str]]",
    *,
    seed: typing.Optional[int] = None,
    set: typing.Sequence[str] = (),
    trace_period_s: float = 0.0,
    out: "typing.Optional[typing.Union[str, os.PathLike[str]]]" = None,
) -> Simulation:
    """Runs the plant of a scenario file alone, as `packbench simulate` does: the same phases, faults, sensors and checks.

    A BMS that never intervenes stands in for the device. `set` overrides keys ('pack.soc=80 %'); trace_period_s is the
    least time between two rows of the trace, 0 for every sample; `out` keeps report and trace there. Raises ScenarioError
    for a scenario that cannot be read.
    """
    if not trace_period_s >= 0:
        raise ValueError(f"trace_period_s must be at least 0, but is {trace_period_s}")
    with tempfile.TemporaryDirectory(prefix="packbench-") as scratch:
        folder = pathlib.Path(scratch if out is None else out)
        result = _core._simulate(os.fspath(scenario), folder, seed, list(set), trace_period_s)
        trace = read_trace(result.trace_file)
    return Simulation(trace.time_s, trace.signals, trace.units, result)
