"""`packbench run --api URL --api-device ID`: a board's own cloud telemetry is judged. The board is the emulated BMS on a pseudo-terminal with
a poster beside it (posting_board.py); the API is `packbench serve` as it comes, with its limits of requests. All boards at once, each with its key."""
import os
import pathlib
import subprocess
import sys
import urllib.request

import pytest

from conftest import Bench
from test_gateway import KEY, Server

BOARD = pathlib.Path(__file__).parent / "posting_board.py"
LIMIT_S = 120
SCENARIO = """\
scenario: a board in the cloud
pack: {soc: 80 %, temperature: 25 degC}
phases:
  - rest: 1 s
  - discharge: 50 A
    for: 13 s
expect:
  - name: the cloud agrees
    telemetry: consistent within 2 s
"""
OUTAGE = SCENARIO + """\
faults:
  - cloud: api
    kind: outage
    at: 3 s
    for: 2 s
"""
DEFECTS = ["", "outage", "clock_ahead", "clock_behind", "silent", "gap", "lost", "swap", "wrong_value", "wrong_state", "wrong_contactor", "delay",
           "stale", "duplicate", "batches", "no_time", "held", "hole", "twice"]


class Boards:
    """One run for each defect, all at the same time."""

    def __init__(self, bench):
        bench.write("board.yaml", SCENARIO)
        bench.write("outage.yaml", OUTAGE)
        bench.write("keys.txt", "".join(f"{self.key(defect)}\n" for defect in DEFECTS))
        self.bench, self.server = bench, Server(bench, "--api-key-file", "keys.txt")
        for defect in DEFECTS:
            self.register(defect)
        self.boards = {defect: self.board(defect) for defect in DEFECTS}
        self.runs = {defect: self.run(defect, board.stdout.readline().decode().strip()) for defect, board in self.boards.items()}
        self.ended = {defect: (run.communicate(timeout=LIMIT_S)[0], run.returncode) for defect, run in self.runs.items()}
        for board in self.boards.values():
            board.kill()
            board.communicate()
        self.server.end()

    @staticmethod
    def name(defect):
        return "BOARD-" + (defect or "honest")

    @staticmethod
    def key(defect):
        return f"{KEY}-{defect}"

    def environment(self, defect):
        return {**self.bench.environment, "PACKBENCH_API_KEY": self.key(defect)}

    def register(self, defect):
        body = f'{{"deviceId":"{self.name(defect)}","name":"b","model":"m","location":"l"}}'.encode()
        urllib.request.urlopen(urllib.request.Request(self.server.url + "/devices", body, method="POST",
                                                      headers={"ApiKey": self.key(defect), "Content-Type": "application/json"}), timeout=LIMIT_S).close()

    def board(self, defect):
        return subprocess.Popen([sys.executable, BOARD, self.bench.program, self.server.url, self.name(defect), defect],
                                env=self.environment(defect), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

    def run(self, defect, terminal):
        return subprocess.Popen(self.bench.command("run", "outage.yaml" if defect == "outage" else "board.yaml", "--device", f"pty:{terminal}", "--realtime", "--api", self.server.url, "--api-device",
                                self.name(defect), "--out", self.name(defect)), cwd=self.bench.folder, env=self.environment(defect),
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def result(self, defect):
        run = self.bench.run_of(self.name(defect))
        [check] = run["checks"]
        return run, check


@pytest.fixture(scope="module")
def boards(tmp_path_factory):
    bench = Bench(tmp_path_factory.mktemp("boards"))
    yield Boards(bench)
    for process in bench.processes():
        os.kill(process, 9)


def test_an_outage_that_the_bench_cannot_inject_is_not_passed_over(boards):
    _, check = boards.result("outage")
    assert check["verdict"] == "inconclusive" and "a board that sends by itself cannot be cut off" in check["detail"], check["detail"]


@pytest.mark.parametrize("defect", ["batches", "no_time"])
def test_a_board_may_send_two_records_at_once_and_leave_their_times_to_the_api(boards, defect):
    run, check = boards.result(defect)
    assert check["verdict"] == "pass", check["detail"]
    assert run["telemetry"]["latency"]["count"] == run["telemetry"]["reports"] > 10 and run["telemetry"]["never_arrived"] == 0


@pytest.mark.parametrize("defect", ["", "clock_ahead", "clock_behind"])
def test_an_honest_board_passes_whatever_its_clock_says(boards, defect):
    run, check = boards.result(defect)
    assert check["verdict"] == "pass", check["detail"]
    telemetry = run["telemetry"]
    latency = telemetry["latency"]
    assert latency["clock"] == "real" and latency["count"] == telemetry["reports"] > 10 and telemetry["never_arrived"] == 0
    assert 0 <= latency["p50_s"] <= latency["p95_s"] <= latency["p99_s"] <= latency["max_s"] <= 2
    ahead_s = {"": 0, "clock_ahead": 3600, "clock_behind": -3600}[defect]
    assert abs(telemetry["device_clock_ahead_s"] - ahead_s) < 1 and abs(telemetry["api_clock_ahead_s"]) <= 1
    assert 'name="telemetry_latency_p95_s"' in (boards.bench.folder / boards.name(defect) / "junit.xml").read_text()


@pytest.mark.parametrize("defect, words", [
    ("silent", "the device sent no record to the API"),
    ("gap", "missing, by boot and seq"),
    ("lost", "1 record is missing, by boot and seq"),
    ("swap", "has values of before those of the earlier record"),
    ("wrong_value", "is nothing that the device reported: cell_voltage[8]"),
    ("wrong_state", "is nothing that the device reported: bms_state CHARGING"),
    ("wrong_contactor", "is nothing that the device reported: charger_contactor_state closed"),
    ("delay", "limit 2000 ms"),
    ("stale", "limit 2000 ms"),
    ("duplicate", ""),
    ("held", "the newest record of the API was too old"),
    ("hole", " is usual"),
    ("twice", " a second time: the same values "),
])
def test_what_is_wrong_with_a_board_is_named(boards, defect, words):
    run, check = boards.result(defect)
    assert words in check["detail"], check["detail"]
    if defect == "duplicate":  # the API keeps one of two with the same boot and seq
        assert check["verdict"] == "pass"
        return
    assert check["verdict"] == "fail" and boards.ended[defect][1] == 1, check["detail"]
    assert {"gap": 5, "lost": 1, "hole": 3}.get(defect, 0) == run["telemetry"]["never_arrived"]


def test_nobody_was_kept_waiting_by_the_limit_of_requests(boards):
    assert not any("429" in text for text, _ in boards.ended.values())
