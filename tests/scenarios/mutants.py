"""Proves that scenarios catch what they claim: with the defect named under `catches`, the named check must fail. Every other defect
of the reference BMS must make at least one scenario fail. Scenarios tagged `pack alone` have no BMS to catch: all their
checks must be judged, and pass, without one.

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


def pack_alone(packbench, scenario):
    """None when every check of a scenario without a BMS is judged and passes."""
    with tempfile.TemporaryDirectory() as out:
        command = [packbench, "simulate", scenario["file"], "--out", out]
        subprocess.run(command, capture_output=True, text=True, timeout=300)
        result = json.loads(pathlib.Path(out, "results.json").read_text())["runs"][0]
    open_ends = [f"{check['name']}: {check['verdict']}" for check in result["checks"] if check["verdict"] != "pass"]
    return None if result["checks"] and not open_ends else f"without a BMS not every check passes: {open_ends or 'it has none'}"


def anyone_catches(packbench, folder, defect):
    """Names of the scenarios that fail with this defect."""
    with tempfile.TemporaryDirectory() as out:
        command = [packbench, "run", folder, "--device", "inproc:", "--defect", defect, "--jobs", "2", "--out", out]
        subprocess.run(command, capture_output=True, text=True, timeout=600)
        runs = json.loads(pathlib.Path(out, "results.json").read_text())["runs"]
    return [run["scenario"] for run in runs if run["verdict"] == "fail"]


def unclaimed_defects(packbench, claimed):
    # a device that hangs, crashes or floods is caught by the bench itself, whatever the scenario (tests/hil/cli)
    listed = json.loads(subprocess.run([packbench, "list", "--defects", "--json"], capture_output=True, text=True, check=True).stdout)
    return [defect["name"] for defect in listed if defect["name"] not in claimed | {"hang", "crash", "flood"}]


def main():
    packbench = sys.argv[1]
    folder = sys.argv[2] if len(sys.argv) > 2 else str(ROOT / "scenarios")
    listed = subprocess.run([packbench, "list", "--json", folder], capture_output=True, text=True, check=True)
    survivors = caught = unclaimed = 0
    claimed = set()
    for scenario in json.loads(listed.stdout):
        if "pack alone" in scenario["tags"]:
            problem = pack_alone(packbench, scenario)
            print(f"NO BMS    {scenario['name']}{': ' + problem if problem else ''}")
            survivors += problem is not None
            continue
        if "catches" not in scenario:
            unclaimed += 1
            print(f"NO CLAIM  {scenario['name']}")
            continue
        defect = scenario["catches"]["defect"]
        claimed.add(defect)
        with tempfile.TemporaryDirectory() as out:
            problem = run(packbench, scenario, defect, out)
        print(f"{'CAUGHT  ' if problem is None else 'SURVIVED'}  {defect:34} by {scenario['name']}{': ' + problem if problem else ''}")
        survivors += problem is not None
        caught += problem is None
    for defect in unclaimed_defects(packbench, claimed):
        by = anyone_catches(packbench, folder, defect)
        print(f"{'CAUGHT  ' if by else 'SURVIVED'}  {defect:34} by {', '.join(by) or 'no scenario'}")
        survivors += not by
        caught += bool(by)
    print(f"{caught} passed, {survivors + unclaimed} failed")
    return 1 if survivors or unclaimed or not caught else 0


sys.exit(main())
