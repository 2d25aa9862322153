#!/usr/bin/python3
"""`latest` in requests per second, against a server on the same library that sends the same bytes, and against nginx.

usage: latest_benchmark.py SERVE FIXED_SERVER [--rounds N] [--seconds S]
"""
import argparse
import json
import statistics
import tempfile

from programs import FixedServer, Nginx, Serve, add_device, ratio_line, raw_answer, wrk

TARGET = "/v1/devices/D1/telemetry?timeRange=latest"
RECORD = {"pack_voltage": 41.2708,
          "cell_voltage": [2.759, 2.7612, 2.7512, 2.8052, 2.7405, 2.743, 2.7905, 2.8156, 2.7405, 2.6405, 2.759, 2.743,
                           2.7512, 2.7612, 2.7981],
          "temperature": 27.315, "pack_current": 0, "soc": 21.02, "ocv_soc": 21.82, "soh": 0, "bms_state": "DISCHARGING",
          "main_contactor_state": True, "charger_contactor_state": False}


def fill(server):
    fields = {"Content-Type": "application/json"}
    add_device(server)
    batch = [{**RECORD, "boot": 1, "seq": i} for i in range(1000)]
    server.ask("POST", "/v1/devices/D1/telemetry", json.dumps(batch), fields)


def compare(serve, others, connections, rounds, seconds):
    rates, ratios = {name: [] for name in ["serve", *others]}, {name: [] for name in others}
    cost_us = {name: [] for name in rates}

    def run(name, program):
        before = program.cpu_s()
        rate = wrk(program.port, TARGET, connections, seconds, serve.KEY)
        rates[name].append(rate)
        cost_us[name].append((program.cpu_s() - before) / (rate * seconds) * 1e6)
        return rate

    for _ in range(rounds):
        for name, program in others.items():
            ratios[name].append(run("serve", serve) / run(name, program))
    print(f"latest, {connections} connection{'s' if connections > 1 else ''}: " +
          ", ".join(f"{name} {statistics.median(rates[name]):.0f}/s ({statistics.median(cost_us[name]):.1f} us of a core)"
                    for name in rates))
    for name, values in ratios.items():
        print(ratio_line(f"serve / {name}", values), flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("serve")
    parser.add_argument("fixed_server")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Serve(given.serve, folder) as serve:
        fill(serve)
        answer = raw_answer(serve.port, TARGET, serve.KEY)
        body = answer[answer.index(b"\r\n\r\n") + 4:]
        with FixedServer(given.fixed_server, folder, answer) as fixed, Nginx(folder, body) as nginx:
            for connections in (1, 64):
                compare(serve, {"fixed": fixed, "nginx": nginx}, connections, given.rounds, given.seconds)


if __name__ == "__main__":
    main()
