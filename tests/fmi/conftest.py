"""The FMUs that the build exported for these tests, and the command that exports them."""
import os
import pathlib
import subprocess

import pytest

EXPORTED = pathlib.Path(os.environ["EXPORTED"])
REPOSITORY = pathlib.Path(os.environ["REPOSITORY"])
FMUS = ["series", "groups"]
LIBRARY = "binaries/x86_64-linux/packbench_pack.so"

unsanitized = pytest.mark.skipif(bool(os.environ["SANITIZED"]), reason="the sanitizers' runtime is part of a sanitized library")


@pytest.fixture
def packbench(tmp_path):
    """Runs the program in a folder of its own."""
    def run(*arguments, **options):
        return subprocess.run([os.environ["PACKBENCH"], *map(str, arguments)], cwd=tmp_path, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=60, **options)
    return run


def files_in(folder):
    return sorted(str(path.relative_to(folder)) for path in pathlib.Path(folder).rglob("*") if path.is_file())
