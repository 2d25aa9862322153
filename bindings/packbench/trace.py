"""Traces of runs, as numpy arrays."""

import dataclasses
import os

import numpy


@dataclasses.dataclass(frozen=True)
class Trace:
    """A recorded run.

    time_s   shape (rows,), simulated seconds since the start of the run
    signals  full name ("truth.cell_voltage") -> array of shape (rows,) or (rows, cells or sensors); NaN where unknown
    units    full name -> unit
    """

    time_s: numpy.ndarray
    signals: dict
    units: dict

    def __getitem__(self, name):
        """The array of one signal, by its full name."""
        try:
            return self.signals[name]
        except KeyError:
            raise KeyError(f"no signal '{name}' in this trace; known are {', '.join(sorted(self.signals))}") from None


def read_trace(path):
    """Reads a trace file (.h5) of a run; `path` is RunResult.trace_file or any path."""
    import h5py

    if not os.fspath(path):
        raise ValueError("the run kept no trace: give run() an `out` folder")
    signals, units = {}, {}
    with h5py.File(path, "r") as file:
        for group in ("truth", "sensed", "device", "api", "link"):
            for name, dataset in file.get(group, {}).items():
                signals[f"{group}.{name}"] = dataset[()]
                unit = dataset.attrs["unit"]
                units[f"{group}.{name}"] = unit.decode() if isinstance(unit, bytes) else str(unit)
        return Trace(file["time"][()], signals, units)
