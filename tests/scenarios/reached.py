"""Every fault code and every state of a BMS is reached by at least one scenario, without any defect. Prints both matrices, and how
long each scenario took; no scenario may need more exchanges with the device than MOST_STEPS, so that the library stays quick. The
scenarios tagged `long` are left out.

usage: reached.py PACKBENCH SCENARIOS
"""
import csv
import json
import pathlib
import subprocess
import sys
import tempfile

# States that the reference BMS never enters, and why. One that is reached after all has to leave this list.
NEVER = {
    "SHUTDOWN": "switching itself off needs a supply that it does not have",
    "UPDATE": "it has no boot loader",
}
MOST_STEPS = 40_000


def words(packbench, signal):
    """The words of a coded signal, by code: `packbench list` ends its description with them."""
    listed = subprocess.run([packbench, "list", "--signals", "--json"], capture_output=True, text=True, check=True)
    description = next(one["description"] for one in json.loads(listed.stdout) if one["name"] == signal)
    return description.split(": ")[1].split()


def column(row, name):
    return row.get(f"{name} [1]") or ""


def seen_in(trace, states, faults):
    """The words of device.state, and of device.faults or device.warnings, that a run's trace holds."""
    codes, sets = set(), set()
    with open(trace, newline="") as file:
        for row in csv.DictReader(file):
            codes.add(column(row, "device.state"))
            sets |= {column(row, "device.faults"), column(row, "device.warnings")}
    bits = 0
    for mask in sets - {"", "nan"}:
        bits |= int(float(mask))
    return ({states[int(float(code))] for code in codes - {"", "nan"}},
            {fault for code, fault in enumerate(faults) if bits >> code & 1})


def matrix(title, all_words, reached_by):
    print(f"\n{title}")
    for word in all_words:
        by = reached_by.get(word, [])
        print(f"  {word:24} {len(by):3}  {'; '.join(by[:4])}{' ...' if len(by) > 4 else ''}{'' if by else NEVER.get(word, 'NOT REACHED')}")


def library(packbench, folder, out):
    """The runs of every scenario of the folder but the long ones."""
    listed = json.loads(subprocess.run([packbench, "list", "--json", folder], capture_output=True, text=True, check=True).stdout)
    files = [one["file"] for one in listed if "long" not in one["tags"]]
    subprocess.run([packbench, "run", *files, "--device", "inproc:", "--jobs", "2", "--out", out], capture_output=True, text=True, timeout=800)
    return json.loads(pathlib.Path(out, "results.json").read_text())["runs"]


def main():
    packbench, folder = sys.argv[1:]
    states, faults = words(packbench, "device.state"), words(packbench, "device.faults")
    by_state, by_fault, problems = {}, {}, []
    with tempfile.TemporaryDirectory() as out:
        runs = library(packbench, folder, out)
        for run in (run for run in runs if run["steps"] > 0 and "pack alone" not in run["tags"]):
            in_states, in_faults = seen_in((pathlib.Path(out) / run["trace"]).with_suffix(".csv"), states, faults)
            for word in in_states:
                by_state.setdefault(word, []).append(run["scenario"])
            for word in in_faults:
                by_fault.setdefault(word, []).append(run["scenario"])
    matrix("state, scenarios that reach it", states, by_state)
    matrix("fault, scenarios that reach it", faults, by_fault)
    print("\nwall time, exchanges, scenario")
    for run in sorted(runs, key=lambda run: -run["wall_s"]):
        print(f"  {run['wall_s']:6.2f} s {run['steps']:7}  {run['scenario']}")
    problems += [f"state {word} is reached by no scenario" for word in states if word not in by_state and word not in NEVER]
    problems += [f"fault {word} is reached by no scenario" for word in faults if word not in by_fault]
    problems += [f"state {word} is said never to be entered, but is" for word in NEVER if word in by_state]
    problems += [f"'{run['scenario']}' needs {run['steps']} exchanges" for run in runs if run["steps"] > MOST_STEPS]
    print("", *problems, sep="\n")
    print(f"{len(runs)} passed, {len(problems)} failed")
    return 1 if problems or not runs else 0


sys.exit(main())
