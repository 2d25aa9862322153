#!/usr/bin/python3
"""Ingest in records per second, against SQLite alone putting as many rows in a transaction into the same tables.

usage: ingest_benchmark.py SERVE INSERT_LIMIT POST_LOAD [--rounds N] [--records N]
"""
import argparse
import pathlib
import statistics
import subprocess
import tempfile

from programs import Serve, add_device, ratio_line


def number(command):
    return float(subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True).stdout)


def limit(given, together):
    """Rows per second of SQLite alone, into the tables that the server makes."""
    with tempfile.TemporaryDirectory() as folder:
        with Serve(given.serve, folder) as serve:
            add_device(serve)
        return number([given.insert_limit, serve.store, given.records, together])


def ingest(given, together, clients):
    """Records per second, and of how much processor time each."""
    with tempfile.TemporaryDirectory() as folder, Serve(given.serve, folder) as serve:
        add_device(serve)
        before = serve.cpu_s()
        rate = number([given.post_load, serve.port, "device_api", serve.KEY, given.records, together, clients, 0])
        return rate, (serve.cpu_s() - before) / given.records * 1e6


def compare(given, together, clients):
    ratios, rates, limits, cost_us = [], [], [], []
    for _ in range(given.rounds):
        limits.append(limit(given, together))
        rate, cost = ingest(given, together, clients)
        rates.append(rate), cost_us.append(cost), ratios.append(rate / limits[-1])
    print(f"ingest, {together} records a POST, {clients} client{'s' if clients > 1 else ''}: serve "
          f"{statistics.median(rates):.0f}/s ({statistics.median(cost_us):.1f} us of a core each), "
          f"SQLite alone {statistics.median(limits):.0f}/s")
    print(ratio_line("serve / SQLite alone", ratios), flush=True)


def main():
    parser = argparse.ArgumentParser()
    for name in ("serve", "insert_limit", "post_load"):
        parser.add_argument(name, type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--records", type=int, default=50_000)
    given = parser.parse_args()
    for together in (100, 1000):
        for clients in (1, 4):
            compare(given, together, clients)


if __name__ == "__main__":
    main()
