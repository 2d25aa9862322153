"""`packbench gateway` between a device that reports by itself and a Device API that comes and goes."""
import contextlib
import json
import os
import select
import signal
import sqlite3
import time
import urllib.request

import pytest

SOURCE = os.environ["STATUS_SOURCE"]
KEY = "a-key-for-tests"
LIMIT_S = 60


class Server:
    """`packbench serve` on a port that it keeps."""

    def __init__(self, bench, *options):
        self.bench, self.port, self.options = bench, 0, options
        self.start()

    def start(self):
        self.process = self.bench.start("serve", "--listen", f"127.0.0.1:{self.port}", "--store", "sqlite:store.db", *self.options,
                                        stdout=-1, text=True)
        url = self.process.stdout.readline().split()[-1]
        self.port = int(url.split(":")[2].split("/")[0])
        self.url = f"http://127.0.0.1:{self.port}/v1"

    def end(self):
        self.process.kill()
        self.process.wait(LIMIT_S)
        self.process.stdout.close()

    def records(self):
        """Every stored record, ascending."""
        url = f"{self.url}/devices/BOARD-1/telemetry?timeRange=last1hour&extended=1&limit=10000"
        with urllib.request.urlopen(urllib.request.Request(url, headers={"ApiKey": KEY}), timeout=LIMIT_S) as answer:
            return json.load(answer)["data"]


class Gateway:
    def __init__(self, bench, url, *options, source="exec:" + SOURCE + " 20"):
        self.process = bench.start("gateway", "--device", source, "--api", url, "--id", "BOARD-1", "--period", "0.02",
                                   "--report", "0.5", *options, stdout=-1, bufsize=0)
        self.seen = ""

    def until(self, text):
        """Reads on until it says `text`; what it said before."""
        end = time.monotonic() + LIMIT_S
        while text not in self.seen:
            ready, _, _ = select.select([self.process.stdout], [], [], max(0, end - time.monotonic()))
            assert ready, f"'{text}' never came; it said {self.seen!r}"
            part = os.read(self.process.stdout.fileno(), 65536).decode()
            assert part, f"it ended and never said '{text}', but {self.seen!r}"
            self.seen += part
        said, _, self.seen = self.seen.partition(text)
        return said

    def end(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        code = self.process.wait(LIMIT_S)
        rest = self.process.stdout.read().decode()
        self.process.stdout.close()
        return code, self.seen + rest


@pytest.fixture
def api(bench):
    bench.environment["PACKBENCH_API_KEY"] = KEY
    server = Server(bench, "--rate", "0")
    yield server
    if server.process.poll() is None:
        server.end()


def waiting(folder):
    with contextlib.closing(sqlite3.connect(folder / "packbench-gateway.db")) as buffer:
        return buffer.execute("SELECT count(*) FROM waiting").fetchone()[0]


def are_whole(records):
    """Once and in order: the sequences of a gateway go on without a hole, and no report comes twice."""
    sequences = [record["seq"] for record in records]
    assert sequences == list(range(sequences[0], sequences[0] + len(sequences)))
    assert len({record["id"] for record in records}) == len(records)


def test_an_outage_is_bridged_in_order_and_without_doubles(bench, api):
    gateway = Gateway(bench, api.url)
    gateway.until("nothing waits.")
    api.end()
    gateway.until("The API takes no records now")
    gateway.until("connection refused")
    gateway.until(" records wait, the oldest for 1.")
    api.start()
    gateway.until("The API takes records again")
    gateway.until("nothing waits.")
    code, rest = gateway.end()
    assert code == 0 and "lost 0" in rest and "set aside 0" in rest
    records = api.records()
    are_whole(records)
    cells = [record["cell_voltage"][0] for record in records]
    assert cells == sorted(set(cells)) and len(cells) > 20


def test_what_was_accepted_survives_kills_and_is_delivered_once(bench, api):
    for _ in range(4):
        gateway = Gateway(bench, api.url)
        gateway.until("accepted ")
        gateway.end(signal.SIGKILL)
    api.end()
    gateway = Gateway(bench, api.url)
    gateway.until("The API takes no records now")
    gateway.until(" records wait, the oldest for ")
    gateway.end(signal.SIGKILL)
    assert waiting(bench.folder) > 0
    api.start()
    gateway = Gateway(bench, api.url)
    gateway.until("nothing waits.")
    assert gateway.end()[0] == 0
    are_whole(api.records())


def test_a_full_buffer_says_so_and_keeps_what_it_has(bench, api):
    api.end()
    gateway = Gateway(bench, api.url, "--most", "5")
    gateway.until("The buffer takes no records: it is full with 5 records.")
    gateway.until("5 records wait")
    api.start()
    gateway.until("The buffer takes records again")
    gateway.end()


def test_a_device_that_ends_is_away_and_comes_back(bench, api):
    bench.write("short.sh", f"#!/bin/sh\ntimeout 0.5 {SOURCE} 20\n").chmod(0o755)
    gateway = Gateway(bench, api.url, source=f"exec:{bench.folder}/short.sh")
    gateway.until("The device is away: ")
    gateway.until("The device reports again.")
    gateway.end()


def test_a_throttled_gateway_loses_nothing(bench):
    bench.environment["PACKBENCH_API_KEY"] = KEY
    server = Server(bench, "--rate", "60", "--burst", "2")
    gateway = Gateway(bench, server.url)
    gateway.until("429")
    gateway.until("The API takes records again")
    code, rest = gateway.end()
    assert code == 0 and "lost 0" in rest and "set aside 0" in rest
    server.end()
    server.options = ("--rate", "0")
    server.start()
    are_whole(server.records())
    server.end()


@pytest.mark.parametrize("arguments, words", [
    (["--device", "inproc:"], "--device 'inproc:' is not a device that reports by itself"),
    (["--api", "host"], "The API URL 'host' is not understood"),
    (["--id", "a b"], "--id 'a b' is not usable"),
    (["--period", "0"], "--period: '0' is not usable (expected a number above zero)."),
    (["--ca", "/nowhere", "--api", "https://h/v1"], "The certificates of /nowhere cannot be used"),
])
def test_bad_input_is_exit_3(bench, arguments, words):
    bench.environment["PACKBENCH_API_KEY"] = KEY
    given = {"--device": "pty:/dev/pts/1", "--api": "http://127.0.0.1:1/v1", "--id": "D"} | dict(zip(arguments[::2], arguments[1::2]))
    done = bench("gateway", *[word for pair in given.items() for word in pair])
    assert words in done.stderr and done.returncode == 3 and done.stdout == ""


def test_without_a_key_nothing_starts(bench):
    bench.environment.pop("PACKBENCH_API_KEY", None)
    done = bench("gateway", "--device", "pty:/dev/pts/1", "--api", "http://127.0.0.1:1/v1", "--id", "D")
    assert done.returncode == 3 and done.stderr == "packbench gateway: There is no API key: set PACKBENCH_API_KEY.\n"


def test_the_buffer_of_another_device_is_left_alone(bench, api):
    gateway = Gateway(bench, api.url)
    gateway.until("nothing waits.")
    gateway.end()
    api.end()
    done = bench("gateway", "--device", "pty:/dev/pts/1", "--api", api.url, "--id", "BOARD-2")
    assert done.returncode == 3 and "holds records of the device BOARD-1, not of BOARD-2." in done.stderr
