#!/usr/bin/env python3
"""Objects compiled for one width of vector share no function with others: a linker would keep one of them, and an older
processor might meet it. usage: kernel_symbols.py OBJECT..."""
import re
import subprocess
import sys

WIDTHS = {"kernel_scalar": 1, "kernel_sse2": 2, "kernel_avx2": 4, "kernel_avx512": 8}
seen, shared = set(), []
for path in sys.argv[1:]:
    name = re.search(r"(kernel_\w+)\.cpp", path)
    if not name or name[1] not in WIDTHS:
        continue
    seen.add(name[1])
    own = f"KernelBodyILi{WIDTHS[name[1]]}E"
    for line in subprocess.run(["nm", path], capture_output=True, text=True, check=True).stdout.splitlines():
        kind, symbol = line.split()[-2:]
        if kind in "WVu" and own not in symbol:
            shared.append(f"{name[1]} defines {symbol}, which another file may define for another processor.")
print("\n".join(shared) or f"{len(seen)} kernels share nothing.")
sys.exit(bool(shared) or not seen)
