"""packbench from Python: step the pack model, run scenarios, read verdicts and traces.

Arrays are numpy arrays; units are in the names; positive current charges the pack. Cells are numbered 0..n-1 here.
"""

from ._core import CheckResult, Pack, RunResult, ScenarioError, __version__, run
from .trace import Trace, read_trace

__all__ = ["CheckResult", "Pack", "RunResult", "ScenarioError", "Trace", "read_trace", "run", "__version__"]
