"""The bench under test in a folder of its own, with every process it starts marked so that none can stay behind unseen."""
import json
import os
import pathlib
import pty
import select
import signal
import subprocess
import uuid

import pytest

REPOSITORY = pathlib.Path(os.environ["REPOSITORY"])
LIBRARY = REPOSITORY / "scenarios"
MARK = "PACKBENCH_TEST_MARK"

SHORT = """\
scenario: {name}
pack: {{soc: 80 %, temperature: 25 degC}}
phases:
  - rest: {rest}
expect:
  - name: {check}
    always: {formula}
"""


class Bench:
    def __init__(self, folder):
        self.folder = folder
        self.mark = uuid.uuid4().hex
        self.environment = {**os.environ, MARK: self.mark}
        self.program = os.environ["PACKBENCH"]

    def command(self, *arguments):
        return [self.program, *map(str, arguments)]

    def __call__(self, *arguments, **options):
        """Runs to the end; exit code in .returncode, texts in .stdout and .stderr; nothing may stay behind."""
        done = subprocess.run(self.command(*arguments), cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=100, **options)
        assert self.processes() == [], "processes stayed behind"
        return done

    def start(self, *arguments, **options):
        return subprocess.Popen(self.command(*arguments), cwd=self.folder, env=self.environment, **options)

    def start_on_terminal(self, *arguments, ignored=None):
        """Standard error on a terminal of its own: the process and the terminal's other end."""
        ours, theirs = pty.openpty()
        process = self.start(*arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=theirs, text=True,
                             preexec_fn=ignored and (lambda: signal.signal(ignored, signal.SIG_IGN)))
        os.close(theirs)
        return process, ours

    def processes(self):
        """Every living process that was started for this bench."""
        wanted = f"{MARK}={self.mark}".encode()
        found = []
        for entry in pathlib.Path("/proc").iterdir():
            try:
                if entry.name.isdigit() and wanted in (entry / "environ").read_bytes().split(b"\0"):
                    found.append(int(entry.name))
            except OSError:
                pass
        return found

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return path

    def scenario(self, name="short", rest="1 s", check="it is idle", formula="device.state == IDLE"):
        return self.write(name.replace(" ", "_") + ".yaml", SHORT.format(name=name, rest=rest, check=check, formula=formula)).name

    def failing(self, name="failing", rest="1 s"):
        return self.scenario(name, rest, "it charges", "device.state == CHARGING")

    def unjudged(self, name="unjudged"):
        return self.write(name + ".yaml", f"scenario: {name}\nphases:\n  - rest: 1 s\n").name

    def results(self, folder="out"):
        return json.loads((self.folder / folder / "results.json").read_text())

    def run_of(self, folder="out"):
        [run] = self.results(folder)["runs"]
        return run


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path)
    yield made
    for process in made.processes():
        os.kill(process, signal.SIGKILL)


def read_until(descriptor, text, limit_s=60):
    """What a terminal showed up to and with `text`."""
    seen = ""
    while text not in seen:
        ready, _, _ = select.select([descriptor], [], [], limit_s)
        assert ready, f"'{text}' never came; the terminal shows {seen!r}"
        seen += os.read(descriptor, 65536).decode()
    return seen


def read_all(descriptor):
    """What a terminal shows until its last user closes it."""
    seen = b""
    while True:
        try:
            part = os.read(descriptor, 65536)
        except OSError:  # EIO: closed
            return seen.decode()
        if not part:
            return seen.decode()
        seen += part


def wait_gone(process, limit_s=20):
    """Until a process that is no child of ours has ended."""
    try:
        descriptor = os.pidfd_open(process)
    except ProcessLookupError:
        return
    ready, _, _ = select.select([descriptor], [], [], limit_s)
    os.close(descriptor)
    assert ready, f"process {process} lives on"


def files_in(folder):
    return sorted(str(path.relative_to(folder)) for path in pathlib.Path(folder).rglob("*") if not path.is_dir())


def nothing_half_written(folder):
    names = [pathlib.Path(name).name for name in files_in(folder)]
    assert [name for name in names if name.startswith(".") or name.endswith((".partial", ".tmp"))] == []
