"""The same run gives the same bits: every scenario on inproc: and native:, alone and several at once, gives one trace_hash.

usage: same_hash.py PACKBENCH SCENARIOS
"""
import json
import pathlib
import subprocess
import sys
import tempfile


def hashes(packbench, folder, *arguments):
    """(scenario, device) -> (verdict, trace_hash)"""
    with tempfile.TemporaryDirectory() as out:
        command = [packbench, "run", folder, "--out", out, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=900)
        if done.returncode != 0:
            raise SystemExit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        runs = json.loads(pathlib.Path(out, "results.json").read_text())["runs"]
        return {(run["scenario"], run["device"]): run["trace_hash"] for run in runs}


def main():
    packbench, folder = sys.argv[1:]
    together = hashes(packbench, folder, "--device", "inproc:", "--device", "native:", "--jobs", "2")
    alone = hashes(packbench, folder, "--device", "inproc:")
    scenarios = sorted({scenario for scenario, _ in together})
    different = 0
    for scenario in scenarios:
        seen = {together[scenario, "inproc:"], together[scenario, "native:"], alone[scenario, "inproc:"]}
        if len(seen) != 1:
            different += 1
            print(f"DIFFERENT {scenario}: {seen}")
    print(f"{len(scenarios) - different} passed, {different} failed")
    return 1 if different or not scenarios else 0


sys.exit(main())
