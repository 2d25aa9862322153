"""packbench from Python: cells, packs, scenarios, verdicts and traces.

Arrays are numpy arrays; units are in the names; positive current charges the pack. Cells are numbered 0..n-1 here.
"""

from ._core import CheckResult, RunResult, ScenarioError, __version__, run
from .cell import Cell, Plating, Rate, Reaction, ResistanceTable, Runaway, Validity
from .identification import Fit, Record, fit
from .pack import ARRAYS, Pack, Spread
from .simulation import Simulation, simulate
from .trace import Trace, read_trace

__all__ = ["ARRAYS", "Cell", "CheckResult", "Fit", "Pack", "Plating", "Rate", "Reaction", "Record", "ResistanceTable",
           "RunResult", "Runaway", "ScenarioError", "Simulation", "Spread", "Trace", "Validity", "fit", "read_trace",
           "run", "simulate", "__version__"]
