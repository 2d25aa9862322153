#!/usr/bin/python3
"""The firmware library calls nothing but itself, packlink and four memory functions that every compiler expects."""
import re
import subprocess
import sys

ALLOWED = {"memcpy", "memmove", "memset", "memcmp", "_GLOBAL_OFFSET_TABLE_", "__stack_chk_fail"}
INSTRUMENTATION = re.compile(r"__(asan|ubsan|sanitizer|gcov|tsan|lsan)")


def undefined_symbols(library):
    lines = subprocess.run(["nm", "--undefined-only", library], check=True, capture_output=True, text=True).stdout
    return {line.split()[-1] for line in lines.splitlines() if line.strip().startswith(("U ", "w "))}


def main(libraries):
    symbols = set().union(*map(undefined_symbols, libraries))
    own = re.compile(r"_ZN?K?9?packbench|_ZNK?9packbench|packlink_")
    strangers = sorted(s for s in symbols if s not in ALLOWED and not own.match(s) and not INSTRUMENTATION.match(s))
    for symbol in strangers:
        print(f"the firmware needs '{symbol}', which a board without an operating system does not have")
    assert any(own.match(s) for s in symbols), "nm found no symbols at all"
    return 1 if strangers else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
