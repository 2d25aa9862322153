"""`packbench gateway` between a device that reports by itself and a Device API that comes and goes."""
import contextlib
import json
import os
import pty
import re
import resource
import select
import shutil
import signal
import sqlite3
import subprocess
import time
import tty
import urllib.error
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
        return self.ask("devices/BOARD-1/telemetry?timeRange=last1hour&extended=1&limit=10000")

    def devices(self):
        return self.ask("devices")

    def ask(self, path, body=None):
        headers = {"ApiKey": KEY, "Content-Type": "application/json"}
        with urllib.request.urlopen(urllib.request.Request(f"{self.url}/{path}", body, headers), timeout=LIMIT_S) as answer:
            return json.load(answer).get("data")


class Gateway:
    def __init__(self, bench, url, *options, source="exec:" + SOURCE + " 20"):
        self.process = bench.start("gateway", "--device", source, "--api", url, "--id", "BOARD-1", "--period", "0.02",
                                   "--report", "0.5", *options, stdout=-1, bufsize=0)
        self.seen = ""

    def until(self, text):
        """Reads on until it says `text`; what it said before."""
        return self.until_matches(re.escape(text))

    def until_delivered(self):
        """Some record is in the API; others may wait, since a new one comes all the time."""
        return self.until_matches("delivered [1-9]")

    def until_matches(self, text):
        end = time.monotonic() + LIMIT_S
        pattern = re.compile(text)
        while not pattern.search(self.seen):
            ready, _, _ = select.select([self.process.stdout], [], [], max(0, end - time.monotonic()))
            assert ready, f"'{text}' never came; it said {self.seen!r}"
            part = os.read(self.process.stdout.fileno(), 65536).decode()
            assert part, f"it ended and never said '{text}', but {self.seen!r}"
            self.seen += part
        found = pattern.search(self.seen)
        said, self.seen = self.seen[:found.start()], self.seen[found.end():]
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
    gateway.until_delivered()
    api.end()
    gateway.until("The API takes no records now")
    gateway.until("connection refused")
    gateway.until(" records wait, the oldest for 1.")
    api.start()
    gateway.until("The API takes records again")
    gateway.until_delivered()
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
    gateway.until_delivered()
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


def test_what_waits_goes_out_before_the_end(bench, api):
    gateway = Gateway(bench, api.url)
    gateway.until("accepted ")
    code, rest = gateway.end()
    last = rest.splitlines()[-1]
    assert code == 0 and last.endswith("; nothing waits.")
    accepted = int(last.split("accepted ")[1].split(",")[0])
    assert accepted == len(api.records())


def test_a_full_disk_is_said_and_what_was_accepted_is_delivered(bench, api):
    gateway = Gateway(bench, api.url)
    gateway.until_delivered()
    resource.prlimit(gateway.process.pid, resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
    gateway.until("The buffer takes no records: ")
    resource.prlimit(gateway.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    gateway.until("The buffer takes records again; ")
    code, rest = gateway.end()
    accepted = int(rest.splitlines()[-1].split("accepted ")[1].split(",")[0])
    assert code == 0 and accepted == len(api.records())
    are_whole(api.records())


def test_a_buffer_has_one_gateway(bench, api):
    gateway = Gateway(bench, api.url)
    gateway.until("go to")
    done = bench.command("gateway", "--device", "pty:/dev/pts/1", "--api", api.url, "--id", "BOARD-1")
    done = subprocess.run(done, cwd=bench.folder, env=bench.environment, capture_output=True, text=True, timeout=LIMIT_S)
    assert done.returncode == 4
    assert done.stderr == ("packbench gateway: the buffer packbench-gateway.db cannot be used: database is locked. "
                           "Another packbench gateway has it; give each its own.\n")
    gateway.end()


def test_a_file_that_is_no_buffer_is_left_alone(bench, api):
    written = bench.write("packbench-gateway.db", "nothing of the kind" * 500).read_text()
    api.end()
    done = bench("gateway", "--device", "pty:/dev/pts/1", "--api", api.url, "--id", "BOARD-1")
    assert done.returncode == 4 and "is not a database. Move it away to begin with an empty one." in done.stderr
    assert (bench.folder / "packbench-gateway.db").read_text() == written
    done = bench("gateway", "--device", "pty:/dev/pts/1", "--api", api.url, "--id", "BOARD-1", "--buffer", "store.db")
    assert done.returncode == 4 and "not a buffer of packbench gateway" in done.stderr


def test_an_open_line_on_which_nothing_comes_is_said(bench, api):
    gateway = Gateway(bench, api.url, source="exec:/bin/sleep 60")
    gateway.until("The device is away: it has not reported for 5 s\n")
    assert gateway.end()[0] == 0


def test_a_board_that_is_unplugged_and_plugged_in_again(bench, api):
    link = bench.folder / "board"

    def plug_in():
        ours, theirs = pty.openpty()
        tty.setraw(theirs)
        link.unlink(missing_ok=True)
        link.symlink_to(os.ttyname(theirs))
        os.close(theirs)
        return ours

    board = plug_in()
    gateway = Gateway(bench, api.url, source=f"pty:{link}")
    gateway.until("nothing waits.")
    source = subprocess.Popen([SOURCE, "20"], stdout=board)
    gateway.until("delivered 1")
    source.kill(), source.wait(), link.unlink(), os.close(board)  # the name of the line may be another's as soon as it is closed
    gateway.until("The device is away: ")
    board = plug_in()
    source = subprocess.Popen([SOURCE, "20"], stdout=board)
    gateway.until("The device reports again.")
    code, _ = gateway.end()
    source.kill(), source.wait(), link.unlink(), os.close(board)
    assert code == 0
    are_whole(api.records())


def test_metrics_say_how_it_goes(bench, api):
    gateway = Gateway(bench, api.url, "--metrics", "gateway.prom")
    gateway.until("accepted ")
    gateway.until("accepted ")
    api.end()
    gateway.until("The API takes no records now")
    gateway.until(" records wait, the oldest for ")
    gateway.end()
    text = (bench.folder / "gateway.prom").read_text()
    values = {line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if line[0] != "#"}

    def value(name, labels=""):
        return values[f'{name}{{device="BOARD-1"{labels}}}']

    accepted, delivered = (value("gateway_records_total", f',result="{result}"') for result in ("accepted", "delivered"))
    assert accepted > delivered > 0 and value("gateway_records_waiting") > 0
    assert value("gateway_buffer_room_records") == 1_000_000 - value("gateway_records_waiting")
    assert value("gateway_oldest_waiting_seconds") > 0
    assert (value("gateway_device_up"), value("gateway_api_up")) == (1, 0)
    assert value("uart_frames_total", ',dir="in",result="good"') >= accepted
    assert value("uart_frames_total", ',dir="in",result="damaged"') == 0
    assert value("gateway_records_total", ',result="lost"') == 0 and abs(value("gateway_clock_ahead_seconds")) <= 1.5
    is_clean(text)


def test_the_servers_metrics_are_clean_after_work(bench):
    bench.environment["PACKBENCH_API_KEY"] = KEY
    api = Server(bench, "--rate", "60", "--burst", "40")
    gateway = Gateway(bench, api.url)
    gateway.until("429")
    for path in ("devices", "devices/UNKNOWN/telemetry", "nothing"):
        for key in (KEY, "wrong"):
            request = urllib.request.Request(f"{api.url}/{path}", headers={"ApiKey": key})
            with contextlib.suppress(urllib.error.HTTPError):
                urllib.request.urlopen(request, timeout=LIMIT_S).close()
    with urllib.request.urlopen(api.url.replace("/v1", "/metrics"), timeout=LIMIT_S) as answer:
        text = answer.read().decode()
    gateway.end()
    api.end()
    is_clean(text)
    moved = {line.split("{")[0].split(" ")[0] for line in text.splitlines() if line[0] != "#" and not line.endswith(" 0")}
    for name in ("api_requests_total", "api_request_duration_seconds_count", "api_auth_failures_total", "api_rate_limited_total",
                 "store_records", "store_bytes", "store_write_seconds_count", "ingest_records_total"):
        assert name in moved, name
    assert "UNKNOWN" not in text and "{deviceId}" in text


def is_clean(text):
    """By Prometheus's own linter, where it is installed."""
    promtool = shutil.which("promtool")
    if promtool:
        checked = subprocess.run([promtool, "check", "metrics"], input=text, capture_output=True, text=True, timeout=LIMIT_S)
        assert checked.returncode == 0 and checked.stderr == "", checked.stderr


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
    gateway.until_delivered()
    gateway.end()
    api.end()
    done = bench("gateway", "--device", "pty:/dev/pts/1", "--api", api.url, "--id", "BOARD-2")
    assert done.returncode == 3 and "holds records of the device BOARD-1, not of BOARD-2." in done.stderr
