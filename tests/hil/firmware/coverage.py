"""Lines and branches of the firmware's core and app that its unit tests take, as a table; then every line and branch that no test
takes in a function that README.md beside this file does not explain.

usage: coverage.py BUILD_FOLDER [--all] [--strict]     --all: the explained ones too; --strict: fails where one is not explained
"""
import collections
import gzip
import json
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
FOLDERS = ("hil/firmware/core/", "hil/firmware/app/")


class Source:
    def __init__(self):
        self.lines = collections.Counter()     # line -> times taken
        self.branches = collections.Counter()  # (line, number) -> times taken
        self.functions = {}                    # line -> name


def count(build):
    """Runs the tests from nothing and reads what gcov counted, by file."""
    for old in build.rglob("*.gcda"):
        old.unlink()
    subprocess.run([build / "bin/firmware_test", "--gtest_brief=1"], check=True, cwd=build)
    sources = collections.defaultdict(Source)
    with tempfile.TemporaryDirectory() as out:
        data = [str(path) for path in (build / "hil/firmware").rglob("*.gcda")]
        subprocess.run(["gcov", "--json-format", "--branch-probabilities", "--demangled-names", *data], cwd=out, check=True, capture_output=True)
        for report in pathlib.Path(out).glob("*.gcov.json.gz"):
            for file in json.loads(gzip.open(report).read())["files"]:
                name = str((build / file["file"]).resolve().relative_to(ROOT)) if (build / file["file"]).resolve().is_relative_to(ROOT) else ""
                if name.startswith(FOLDERS):
                    add(sources[name], file)
    return dict(sorted(sources.items()))


def add(source, file):
    for function in file["functions"]:
        demangled = function["demangled_name"].replace("(anonymous namespace)::", "")
        name = re.sub(r"\(.*", "", demangled).split("::")[-1].split(" ")[-1]
        for line in range(function["start_line"], function["end_line"] + 1):
            source.functions[line] = name
    for line in file["lines"]:
        source.lines[line["line_number"]] += line["count"]
        for number, branch in enumerate(line["branches"]):
            source.branches[line["line_number"], number] += branch["count"]


def left_out(source):
    """(function, line, what) of every line and branch that was not taken."""
    lines = {line for line, times in source.lines.items() if times == 0}
    found = [(source.functions.get(line, "?"), line, "line") for line in sorted(lines)]
    for (line, number), times in sorted(source.branches.items()):
        if times == 0 and line not in lines:
            found.append((source.functions.get(line, "?"), line, f"branch {number}"))
    return found


def explained():
    """{(file, function)} of the table in README.md."""
    rows = re.findall(r"^\| `((?:core|app)/[\w.]+)` \| `(\w+)` \|", (HERE / "README.md").read_text(), re.MULTILINE)
    return {("hil/firmware/" + file, function) for file, function in rows}


def share(taken, of):
    return f"{100 * taken / of:6.1f} %" if of else "      - "


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    sources, known = count(build), explained()
    problems, used, totals = [], set(), [0, 0, 0, 0]
    print(f"{'file':38} {'lines':>14}  {'branches':>16}")
    for name, source in sources.items():
        numbers = [sum(times > 0 for times in source.lines.values()), len(source.lines),
                   sum(times > 0 for times in source.branches.values()), len(source.branches)]
        totals = [total + number for total, number in zip(totals, numbers)]
        print(f"{name.removeprefix('hil/firmware/'):38} {share(*numbers[:2])} {numbers[1]:5}  {share(*numbers[2:])} {numbers[3]:7}")
        for function, line, what in left_out(source):
            used.add((name, function))
            text = f"{name}:{line}: {what} of {function} is taken by no test"
            if (name, function) not in known:
                problems.append(text)
            elif "--all" in sys.argv:
                print(f"    explained: {text}")
    print(f"{'all':38} {share(*totals[:2])} {totals[1]:5}  {share(*totals[2:])} {totals[3]:7}")
    problems += [f"README.md explains {function} of {file}, which is taken whole" for file, function in sorted(known - used)]
    print(*problems, sep="\n")
    return 1 if not sources or (problems and "--strict" in sys.argv) else 0


sys.exit(main())
