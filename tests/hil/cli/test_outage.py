"""`packbench run --api URL` while the API goes away: killed and started again on its store, stopped and continued, or gone for good. What waited
is said with its latency, what is missing is named, and what could not be judged never passes. All runs at once, each with an API of its own."""
import contextlib
import os
import pathlib
import signal
import subprocess
import sys
import threading
import time

import pytest

from conftest import Bench
from test_gateway import KEY, Server

BOARD = pathlib.Path(__file__).parent / "posting_board.py"
LIMIT_S = 150
LATE = 9  # records: about 3 s before the end of the run

SCENARIO = """\
scenario: an API that goes away
pack: {{soc: 80 %, temperature: 25 degC}}
phases:
  - rest: 1 s
  - discharge: 50 A
    for: 10 s
expect:
  - name: the cloud agrees
    telemetry: consistent within {within}
"""


class Outage:
    """One run, its API and, where it is a board's telemetry that is judged, the board."""

    def __init__(self, folder, strike, within="8 s", after=3, board=None):
        self.bench, self.strike, self.after, self.board = Bench(folder), strike, after, board
        self.bench.environment["PACKBENCH_API_KEY"] = KEY
        self.bench.write("outage.yaml", SCENARIO.format(within=within))
        self.server = Server(self.bench, "--rate", "0")
        self.thread = threading.Thread(target=self.play)
        self.thread.start()

    def play(self):
        with contextlib.ExitStack() as ends:
            device = ends.enter_context(self.own_board()) if self.board is not None else "native:"
            chosen = ["--api-device", "BOARD-1"] if self.board is not None else []
            run = self.bench.start("run", "outage.yaml", "--device", device, "--realtime", "--api", self.server.url, "--out", "out", *chosen,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            self.wait_for_records(run)
            self.strike(self.server)
            self.text = run.communicate(timeout=LIMIT_S)[0]
            self.code = run.returncode
        if self.server.process.poll() is None:
            self.server.end()

    @contextlib.contextmanager
    def own_board(self):
        self.server.ask("devices", b'{"deviceId":"BOARD-1","name":"b","model":"m","location":"l"}')
        board = subprocess.Popen([sys.executable, BOARD, self.bench.program, self.server.url, "BOARD-1", self.board],
                                 env=self.bench.environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        yield "pty:" + board.stdout.readline().strip()
        board.kill()
        board.communicate()

    def wait_for_records(self, run):
        """Until the API has the `after`-th record of this run."""
        while run.poll() is None:
            for device in self.server.devices():
                newest = self.server.ask(f"devices/{device['DeviceId']}/telemetry?extended=1")
                if newest and newest[0]["seq"] >= self.after:
                    return
            time.sleep(0.05)

    def result(self):
        self.thread.join(LIMIT_S)
        run = self.bench.run_of()
        [check] = run["checks"]
        return run["telemetry"], check


def killed(seconds, before_start=lambda server: None):
    def strike(server):
        server.end()
        time.sleep(seconds)
        before_start(server)
        server.start()
    return strike


def stopped(seconds):
    def strike(server):
        server.process.send_signal(signal.SIGSTOP)
        time.sleep(seconds)
        server.process.send_signal(signal.SIGCONT)
    return strike


def forget(server):
    for file in server.bench.folder.glob("store.db*"):
        file.unlink()


OUTAGES = {
    "killed": dict(strike=killed(2)),
    "stopped": dict(strike=stopped(3)),
    "too long": dict(strike=killed(4), within="1 s"),
    "forgotten": dict(strike=killed(0.5, forget)),
    "back after the end": dict(strike=killed(5), after=LATE, within="20 s"),
    "gone": dict(strike=Server.end, after=LATE),
    "board, killed": dict(strike=killed(2), board=""),
    "board, stopped": dict(strike=stopped(3), board=""),
    "board, too long": dict(strike=killed(5), within="1 s", board=""),
    "board that forgets": dict(strike=killed(2), board="forgetful"),
    "board, gone": dict(strike=Server.end, after=LATE, board=""),
}


@pytest.fixture(scope="module")
def outages(tmp_path_factory):
    made = {}
    try:
        for name, how in OUTAGES.items():
            made[name] = Outage(tmp_path_factory.mktemp("outage"), **how)
        for outage in made.values():
            outage.thread.join(LIMIT_S)
        yield made
    finally:
        for outage in made.values():
            for process in outage.bench.processes():
                os.kill(process, signal.SIGKILL)


# The first step after the outage may see the record that came at its end; the gateway tries again 0.75 s to 4 s after it.
@pytest.mark.parametrize("name, least_s", [("killed", 1), ("stopped", 2), ("back after the end", 3)])
def test_records_that_waited_are_whole_and_said_with_their_latency(outages, name, least_s):
    telemetry, check = outages[name].result()
    assert check["verdict"] == "pass" and outages[name].code == 0, check["detail"]
    assert telemetry["never_arrived"] == 0 and telemetry["records"] == telemetry["reports"] == telemetry["latency"]["count"] >= 10
    assert least_s * 1000 <= check["measured"] == pytest.approx(telemetry["latency"]["max_s"] * 1000), check["detail"]
    assert " records waited for the API." in check["detail"]


@pytest.mark.parametrize("name", ["board, killed", "board, stopped"])
def test_what_a_board_kept_meanwhile_is_no_gap(outages, name):
    telemetry, check = outages[name].result()
    assert check["verdict"] == "pass" and outages[name].code == 0, check["detail"]
    assert telemetry["never_arrived"] == 0
    assert float(check["detail"].split("; the API did not answer for up to ")[1].split(" s")[0]) >= 1.5


@pytest.mark.parametrize("name", ["too long", "board, too long"])
def test_a_record_that_waited_too_long_fails(outages, name):
    telemetry, check = outages[name].result()
    assert check["verdict"] == "fail" and outages[name].code == 1 and check["measured"] > 1000 == check["limit"], check["detail"]
    assert telemetry["never_arrived"] == 0 and telemetry["findings"] == []


def test_what_the_api_forgot_is_named(outages):
    telemetry, check = outages["forgotten"].result()
    assert check["verdict"] == "fail" and "record 1 at 1.0 s is missing" in check["detail"], check["detail"]
    assert telemetry["never_arrived"] >= 3


def test_what_a_board_lost_is_named(outages):
    telemetry, check = outages["board that forgets"].result()
    assert check["verdict"] == "fail" and " missing, by boot and seq" in check["detail"], check["detail"]
    assert telemetry["never_arrived"] >= 2


@pytest.mark.parametrize("name", ["gone", "board, gone"])
def test_an_api_that_stays_away_is_never_a_pass(outages, name):
    telemetry, check = outages[name].result()
    assert check["verdict"] == "inconclusive" and outages[name].code == 2, check["detail"]
    assert "connection refused" in check["detail"]
    if name == "gone":
        assert "still wait" in check["detail"] and telemetry["never_arrived"] == telemetry["reports"] - telemetry["records"] > 0
        assert telemetry["latency"]["count"] == telemetry["records"] >= LATE
