"""An emulated device and the host process give every scenario the same verdict and the same trace_hash.

usage: same_trace.py PACKBENCH DEVICE SCENARIO...
"""
import json
import pathlib
import subprocess
import sys
import tempfile

SKIPPED = 77


def runs(packbench, device, scenarios):
    with tempfile.TemporaryDirectory() as out:
        command = [packbench, "run", *scenarios, "--device", device, "--out", out, "--watchdog", "60"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=290)
        results = pathlib.Path(out, "results.json")
        assert results.exists(), done.stderr
        return json.loads(results.read_text())["runs"]


def main():
    packbench, device, *scenarios = sys.argv[1:]
    native, emulated = (runs(packbench, kind, scenarios) for kind in ("native:", device))
    if all(run["verdict"] == "skipped" for run in emulated):
        print(emulated[0]["reason"])
        return SKIPPED
    different = 0
    for expected, run in zip(native, emulated, strict=True):
        same = (run["verdict"], run["trace_hash"]) == ("pass", expected["trace_hash"])
        different += not same
        print(f"{'same' if same else 'DIFFERENT'}  {run['steps']:5} steps  {run['verdict']}  {run['scenario']}  {run['reason']}")
    return 1 if different or not native else 0


sys.exit(main())
