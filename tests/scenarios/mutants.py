"""Proves that scenarios catch what they claim: with the defect named under `catches`, the named check must fail. Every other defect
of the reference BMS must make at least one scenario fail. Of the variants of one scenario those that have the named check must
fail. Scenarios tagged `pack alone` have no BMS to catch: all their checks must be judged, and pass, without one. Those tagged
`board` need a device with pins.

usage: mutants.py PACKBENCH [SCENARIOS]
"""
import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]


def results(packbench, paths, defect):
    """The runs of these scenarios on a BMS with the defect; traces thinned, as nobody reads them."""
    with tempfile.TemporaryDirectory() as out:
        command = [packbench, "run", *paths, "--device", "inproc:", "--defect", defect, "--out", out, "--no-csv", "--trace-period", "1 h"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=600)
        if done.returncode not in (0, 1, 2):
            raise RuntimeError(f"packbench ended with {done.returncode}: {done.stderr.strip()}")
        return json.loads(pathlib.Path(out, "results.json").read_text())["runs"]


def claim(packbench, scenario):
    """None when the named check of the scenario fails with the defect that it claims to catch."""
    try:
        runs = results(packbench, [scenario["file"]], scenario["catches"]["defect"])
        result = next(run for run in runs if run["scenario"] == scenario["name"])
    except RuntimeError as error:
        return str(error)
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


def anyone_catches(packbench, files, defect):
    """Names of the scenarios that fail with this defect."""
    return [run["scenario"] for run in results(packbench, files, defect) if run["verdict"] == "fail"]


# Defects that no scenario can show, and what does.
ELSEWHERE = {
    "hang": "the bench itself catches it, whatever the scenario (tests/hil/cli)",
    "crash": "the bench itself catches it",
    "flood": "the bench itself catches it",
    "no_full_anchor": "the filter of the state of charge finds full without it (tests/hil/firmware)",
    "watchdog_reset_not_reported": "acts at the boot, before the bench can have sent it (tests/hil/firmware)",
    "ntc_open_and_short_confused": "seen only in the device's log (tests/hil/firmware)",
    "unused_slots_taken_for_cells": "the bench sends as many cells as the pack has (tests/hil/firmware)",
}


def unclaimed_defects(packbench, claimed):
    listed = json.loads(subprocess.run([packbench, "list", "--defects", "--json"], capture_output=True, text=True, check=True).stdout)
    return [defect["name"] for defect in listed if defect["name"] not in claimed | ELSEWHERE.keys()]


def judge_scenario(packbench, scenario):
    """(whether it is well, a line that says so)"""
    if "pack alone" in scenario["tags"]:
        problem = pack_alone(packbench, scenario)
        return problem is None, f"NO BMS    {scenario['name']}{': ' + problem if problem else ''}"
    if "board" in scenario["tags"]:
        return True, f"A BOARD   {scenario['name']}: its faults need a processor with pins"
    if scenario.get("claimed_by_another_variant"):
        return True, f"A VARIANT {scenario['name']}"
    if "catches" not in scenario:
        return False, f"NO CLAIM  {scenario['name']}"
    problem = claim(packbench, scenario)
    word = "CAUGHT  " if problem is None else "SURVIVED"
    return problem is None, f"{word}  {scenario['catches']['defect']:34} by {scenario['name']}{': ' + problem if problem else ''}"


def judge_defect(packbench, files, defect):
    by = anyone_catches(packbench, files, defect)
    shown = ", ".join(by[:3]) + (f" and {len(by) - 3} more" if len(by) > 3 else "")
    return bool(by), f"{'CAUGHT  ' if by else 'SURVIVED'}  {defect:34} by {shown or 'no scenario'}"


def main():
    packbench = sys.argv[1]
    folder = sys.argv[2] if len(sys.argv) > 2 else str(ROOT / "scenarios")
    listed = subprocess.run([packbench, "list", "--json", folder], capture_output=True, text=True, check=True)
    scenarios = json.loads(listed.stdout)
    claimed = {scenario["catches"]["defect"] for scenario in scenarios if "catches" in scenario}
    claiming = {scenario["file"] for scenario in scenarios if "catches" in scenario}
    for scenario in scenarios:
        scenario["claimed_by_another_variant"] = "catches" not in scenario and scenario["file"] in claiming
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        jobs = [pool.submit(judge_scenario, packbench, scenario) for scenario in scenarios]
        quick = [scenario["file"] for scenario in scenarios if not {"long", "board", "pack alone"} & set(scenario["tags"])]
        jobs += [pool.submit(judge_defect, packbench, quick, defect) for defect in unclaimed_defects(packbench, claimed)]
        outcomes = []
        for job in jobs:
            outcomes.append(job.result())
            print(outcomes[-1][1], flush=True)
    well = sum(passed for passed, _ in outcomes)
    print(f"{well} passed, {len(outcomes) - well} failed")
    return 0 if outcomes and well == len(outcomes) else 1


sys.exit(main())
