"""Proves that scenarios catch what they claim: with the defect named under `catches`, the named check must fail.

usage: mutants.py PACKBENCH [SCENARIOS]
"""
import json
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]


def run(packbench, scenario, defect, out):
    command = [packbench, "run", scenario["file"], "--device", "inproc:", "--defect", defect, "--out", out]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    if done.returncode not in (0, 1, 2):
        return f"packbench ended with {done.returncode}: {done.stderr.strip()}"
    result = json.loads(pathlib.Path(out, "results.json").read_text())["runs"][0]
    wanted = scenario["catches"]["check"]
    failed = [check["name"] for check in result["checks"] if check["verdict"] == "fail"]
    if wanted in failed and result["verdict"] == "fail":
        return None
    return f"check '{wanted}' did not fail (verdict {result['verdict']}, failed checks: {failed or 'none'})"


def main():
    packbench = sys.argv[1]
    folder = sys.argv[2] if len(sys.argv) > 2 else str(ROOT / "scenarios")
    listed = subprocess.run([packbench, "list", "--json", folder], capture_output=True, text=True, check=True)
    survivors = caught = unclaimed = 0
    for scenario in json.loads(listed.stdout):
        if "catches" not in scenario:
            unclaimed += 1
            print(f"NO CLAIM  {scenario['name']}")
            continue
        defect = scenario["catches"]["defect"]
        with tempfile.TemporaryDirectory() as out:
            problem = run(packbench, scenario, defect, out)
        print(f"{'CAUGHT  ' if problem is None else 'SURVIVED'}  {defect:34} by {scenario['name']}{': ' + problem if problem else ''}")
        survivors += problem is not None
        caught += problem is None
    print(f"{caught} passed, {survivors + unclaimed} failed")
    return 1 if survivors or unclaimed or not caught else 0


sys.exit(main())
