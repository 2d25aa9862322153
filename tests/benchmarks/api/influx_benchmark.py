#!/usr/bin/python3
"""The same questions to the Device API and to InfluxDB 1.6: ingest, the latest record, a page, a range, a thinned range.

Both keep what they acknowledge on disk before they answer: SQLite in WAL mode with synchronous=FULL, InfluxDB with
wal-fsync-delay = 0s, its default. A record is a row of 27 numbers, words and flags: a JSON object here, a point of one
measurement there. Answers are read to their end and thrown away.

usage: influx_benchmark.py SERVE POST_LOAD [--rounds N] [--days N]
"""
import argparse
import http.client
import pathlib
import statistics
import subprocess
import tempfile
import time
import urllib.parse

from programs import Influx, Serve, add_device, ratio_line

START_MS = 1_700_000_000_000  # of the records of api_post_load, one a second
KEY = {"ApiKey": Serve.KEY}


def seconds_of(work):
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def stamp(ms):
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(ms // 1000)) + f".{ms % 1000:03d}Z"


class Reader:
    """One connection to a server, kept alive."""

    def __init__(self, port, fields=None):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
        self.fields = fields or {}
        self.last = {}

    def read(self, target):
        """Bytes of the answer."""
        self.connection.request("GET", target, headers=self.fields)
        answer = self.connection.getresponse()
        self.last = answer.headers
        size = 0
        while piece := answer.read1(1 << 20):
            size += len(piece)
        answer.read()
        if answer.status != 200:
            raise SystemExit(f"{target}: {answer.status}")
        return size


class Ours:
    def __init__(self, port):
        self.reader = Reader(port, KEY)
        self.streams = Reader(port, {**KEY, "Accept": "application/x-ndjson"})

    def ask(self, query):
        return self.reader.read("/v1/devices/D1/telemetry?" + urllib.parse.urlencode(query))

    def bounds(self, first, records):
        return {"start": stamp(START_MS + first * 1000), "end": stamp(START_MS + (first + records) * 1000)}

    def latest(self):
        return self.ask({"timeRange": "latest"})

    def page(self, first):
        return self.ask({**self.bounds(first, 1000), "limit": 1000})

    def range(self, records):
        return self.streams.read("/v1/devices/D1/telemetry?" + urllib.parse.urlencode(self.bounds(0, records)))

    def thinned(self, records):
        query = {**self.bounds(0, records), "every": "60s", "agg": "avg", "limit": 10_000}
        size = self.ask(query)
        while cursor := self.reader.last.get("X-Next-Cursor"):
            size += self.ask({**query, "cursor": cursor})
        return size


class Theirs:
    def __init__(self, port):
        self.reader = Reader(port)

    def ask(self, query, **options):
        target = "/query?" + urllib.parse.urlencode({"db": "packbench", "epoch": "ms", "q": query, **options})
        return self.reader.read(target)

    def within(self, first, records):
        return (f"FROM telemetry WHERE device = 'D1' AND time >= {START_MS + first * 1000}ms "
                f"AND time < {START_MS + (first + records) * 1000}ms")

    def latest(self):
        return self.ask("SELECT * FROM telemetry WHERE device = 'D1' ORDER BY time DESC LIMIT 1")

    def page(self, first):
        return self.ask(f"SELECT * {self.within(first, 1000)} LIMIT 1000")

    def range(self, records):
        return self.ask(f"SELECT * {self.within(0, records)}", chunked="true", chunk_size="10000")

    def thinned(self, records):
        return self.ask(f"SELECT mean(*) {self.within(0, records)} GROUP BY time(60s)")


def compare(name, times, ours, theirs, rounds):
    """How many times longer the other one takes; each asked so often in a row."""
    mine, other, ratios = [], [], []
    for _ in range(rounds):
        mine.append(seconds_of(lambda: [ours() for _ in range(times)]) / times)
        other.append(seconds_of(lambda: [theirs() for _ in range(times)]) / times)
        ratios.append(other[-1] / mine[-1])
    print(f"{name}: serve {statistics.median(mine) * 1e3:.2f} ms, InfluxDB {statistics.median(other) * 1e3:.2f} ms")
    print(ratio_line("times as fast as InfluxDB", ratios), flush=True)


def load(given, serve, influx, records):
    """Batches of 1000 from two clients each, a part at a time in turn."""
    part, rates, others = records // 8 // 2000 * 2000, [], []
    first = 0
    while first < records:
        count = min(part, records - first)
        for port, kind, kept in ((serve.port, "device_api", rates), (influx.port, "influx", others)):
            command = [given.post_load, str(port), kind, Serve.KEY, str(count), "1000", "2", str(first)]
            kept.append(float(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
        first += count
    print(f"ingest, 1000 records a POST, 2 clients: serve {statistics.median(rates):.0f}/s, "
          f"InfluxDB {statistics.median(others):.0f}/s")
    print(ratio_line("times as fast as InfluxDB", [one / other for one, other in zip(rates, others)]), flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("serve", type=pathlib.Path)
    parser.add_argument("post_load", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--days", type=int, default=7)
    given = parser.parse_args()
    records = given.days * 86_400
    with tempfile.TemporaryDirectory() as folder, Serve(given.serve, folder) as serve, Influx(folder) as influx:
        add_device(serve)
        load(given, serve, influx, records)
        ours, theirs = Ours(serve.port), Theirs(influx.port)
        compare("latest record", 100, ours.latest, theirs.latest, given.rounds)
        compare("page of 1000 records", 20, lambda: ours.page(records // 2), lambda: theirs.page(records // 2), given.rounds)
        compare(f"range of {records} records", 1, lambda: ours.range(records), lambda: theirs.range(records), given.rounds)
        compare(f"mean a minute of {records} records", 1, lambda: ours.thinned(records), lambda: theirs.thinned(records),
                given.rounds)


if __name__ == "__main__":
    main()
