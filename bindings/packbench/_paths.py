"""Where the packbench program is: it plays the device of `native:`."""

import os
import pathlib
import shutil


def executable():
    """PACKBENCH_PROGRAM, else the program of the build tree that this module is in, else packbench of the PATH, else ''."""
    named = os.environ.get("PACKBENCH_PROGRAM")
    built = pathlib.Path(__file__).resolve().parents[2] / "bin" / "packbench"
    return named or (str(built) if built.exists() else shutil.which("packbench") or "")
