#!/usr/bin/env python3
"""Lines and branches of the firmware that were executed on stm32:.

usage: coverage_report.py IMAGE.elf [--under FOLDER] [--missing] COVERAGE-FILE...

The files come from `--device stm32:coverage=FILE`; several are added up. A line is executed when one of its instructions
is; a branch is a direction of a conditional branch instruction. Instructions inside an IT block count as executed
whether or not their condition held, so a branch that the compiler made of them is not seen.
"""
import argparse
import collections
import re
import subprocess

CONDITIONAL = re.compile(r"^(b(eq|ne|cs|cc|hs|lo|mi|pl|vs|vc|hi|ls|ge|lt|gt|le)(\.[nw])?|cbn?z)$")
INSTRUCTION = re.compile(r"^ *([0-9a-f]+):\t[0-9a-f ]+\t(\S+)")


def instructions(image):
    """Address and mnemonic of everything in the image that is code."""
    text = subprocess.run(["arm-none-eabi-objdump", "-d", image], capture_output=True, text=True, check=True).stdout
    found = (INSTRUCTION.match(line) for line in text.splitlines())
    return [(int(match[1], 16), match[2]) for match in found if match and not match[2].startswith(".")]


def places(image, addresses):
    """File and line of each address, of the innermost inlined function."""
    asked = "\n".join(f"{address:x}" for address in addresses)
    done = subprocess.run(["arm-none-eabi-addr2line", "-e", image], input=asked, capture_output=True, text=True, check=True)
    for answer in done.stdout.splitlines():
        path, _, line = answer.split(" ")[0].rpartition(":")
        yield path, int(line) if line.isdigit() else 0


def executed(files):
    seen, directions = set(), collections.defaultdict(set)
    for file in files:
        with open(file, encoding="ascii") as lines:
            for kind, address, *how in map(str.split, lines):
                if kind == "x":
                    seen.add(int(address, 16))
                else:
                    directions[int(address, 16)] |= {"taken", "not-taken"} if how == ["both"] else set(how)
    return seen, directions


def report(image, files, under, show_missing):
    seen, directions = executed(files)
    code = instructions(image)
    lines = collections.defaultdict(lambda: collections.defaultdict(bool))
    branches = collections.defaultdict(lambda: [0, 0])
    one_way = collections.defaultdict(set)
    for (address, mnemonic), (path, line) in zip(code, places(image, [address for address, _ in code]), strict=True):
        if under not in path or line == 0:
            continue
        name = path[path.index(under):]
        lines[name][line] |= address in seen
        if CONDITIONAL.match(mnemonic):
            branches[name][0] += len(directions[address])
            branches[name][1] += 2
            if len(directions[address]) < 2:
                one_way[name].add(line)
    print(f"{'lines':>13} {'branches':>17}  file")
    total = [0, 0, 0, 0]
    for name in sorted(lines):
        hit, known = sum(lines[name].values()), len(lines[name])
        row = [hit, known, *branches[name]]
        total = [a + b for a, b in zip(total, row)]
        print(figures(row), name)
        if show_missing:
            print("    never executed:", sorted(line for line, hit in lines[name].items() if not hit))
            print("    one way only:  ", sorted(one_way[name]))
    print(figures(total), "all")


def figures(row):
    hit, known, directions, possible = row
    of_lines = 100 * hit / known if known else 100
    of_branches = 100 * directions / possible if possible else 100
    return f"{hit:4}/{known:<4}{of_lines:4.0f}% {directions:5}/{possible:<5}{of_branches:4.0f}% "


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("image")
    parser.add_argument("files", nargs="+")
    parser.add_argument("--under", default="hil/firmware/core/", help="only sources of this folder")
    parser.add_argument("--missing", action="store_true", help="lines never executed, branches seen one way")
    arguments = parser.parse_args()
    report(arguments.image, arguments.files, arguments.under, arguments.missing)


main()
