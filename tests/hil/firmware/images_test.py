"""What must hold of an STM32 image before it may be flashed, read from its ELF file.

usage: images_test.py ELF OBJECTS INTERRUPT   (INTERRUPT: the number of the line's)
"""
import re
import struct
import sys

from stack_bound import Depths, tool

FLASH, RAM, RAM_SIZE = 0x08000000, 0x20000000, 128 << 10
# Bounds are ours: room for growth, tight enough to notice a library that slipped in.
MOST_FLASH, MOST_RAM, STACK = 96 << 10, 48 << 10, 8 << 10

FORBIDDEN = {
    "soft floating point or double": r"__aeabi_(c?[df](?!iv0)\w*|u?[il]2[df]|\w*2[df])$|__\w+[sd]f[23]$",
    "heap": r"_?(malloc|free|calloc|realloc|sbrk)(_r)?$|_Zn[wa]|_Zd[la]",
    "exceptions and run-time types": r"__cxa_|_Unwind_|__gxx_|_ZTI|_ZTS",
    "library mathematics": r"(sqrt|exp|log|pow|sin|cos|tan|floor|ceil|round|fmod)f?$",
    "input and output": r"_?(v?f?i?printf|puts|write|exit|abort)(_r)?$",
}
INSTRUCTIONS = {
    "fused multiply-add": r"\tvf(n?m[as])",
    "double arithmetic": r"\tv(add|sub|mul|div|sqrt|cmpe?|cvt[a-z]?|ml[as]|nml[as]|nmul|neg|abs)\.\w*f64",
    "WFE, SEV, YIELD, SVC or BKPT": r"\t(wfe|sev|yield|svc|bkpt)\b",
}


def symbols(elf):
    return {name: int(address, 16) for address, name in re.findall(r"^([0-9a-f]{8}) \w (\S+)$", tool("nm", elf), re.M)}


def sections(elf):
    """name -> (size, address)"""
    rows = re.findall(r"^\s*\d+ (\S+)\s+([0-9a-f]{8})\s+([0-9a-f]{8})", tool("objdump", "--section-headers", elf), re.M)
    return {name: (int(size, 16), int(address, 16)) for name, size, address in rows}


def vectors(elf):
    dump = tool("objdump", "--full-contents", "--section=.vectors", elf)
    words = "".join("".join(line.split("  ")[0].split()[1:]) for line in dump.splitlines() if re.match(r" [0-9a-f]{7,8} ", line))
    return [value for (value,) in struct.iter_unpack("<I", bytes.fromhex(words))]


def check_vectors(elf, names, interrupt):
    table = vectors(elf)
    expected = [names["packbench_fault"] | 1] * len(table)
    expected[0] = names["packbench_stack_top"]
    expected[1] = names["packbench_reset"] | 1
    expected[15] = names["packbench_systick"] | 1
    expected[16 + interrupt] = names["packbench_line"] | 1
    assert table == expected, [f"{i}: {a:#x}" for i, (a, b) in enumerate(zip(table, expected)) if a != b]
    assert sections(elf)[".vectors"][1] == FLASH
    assert RAM < table[0] <= RAM + RAM_SIZE, "the stack is not in DTCM (SRAM1)"
    assert table[0] == RAM + STACK, "the stack is not at the bottom of RAM, where an overflow faults"


def check_absent(what, patterns, lines):
    found = [f"{kind}: {line.strip()}" for kind, pattern in patterns.items() for line in lines if re.search(pattern, line)]
    assert not found, f"{what} that an image must not have: {found[:5]}"


def check_sizes(elf):
    size = {name: pair[0] for name, pair in sections(elf).items()}
    flash = sum(size.get(name, 0) for name in (".vectors", ".text", ".ARM.exidx", ".data"))
    ram = sum(size.get(name, 0) for name in (".stack", ".noinit", ".data", ".bss"))
    assert ".init_array" not in size, "a constructor would have to run before main_loop"
    assert size[".noinit"] > 0 and flash <= MOST_FLASH and ram <= MOST_RAM, (flash, ram)
    print(f"flash {flash} bytes of at most {MOST_FLASH}; RAM {ram} of {MOST_RAM}, {size['.noinit']} of them outlive a reset")


def check_stack(elf, objects):
    worst, chain = Depths(elf, objects).worst()
    print(f"stack {worst} bytes of {STACK} at worst, with an interrupt and a fault on top; deepest chain:")
    print("  " + tool("c++filt", *chain).strip().replace("\n", "\n  "))
    assert worst <= STACK


def main():
    elf, objects, interrupt = sys.argv[1], sys.argv[2], int(sys.argv[3])
    names = symbols(elf)
    check_vectors(elf, names, interrupt)
    check_absent("symbols", {kind: f"^({pattern})" for kind, pattern in FORBIDDEN.items()}, names)
    check_absent("instructions", INSTRUCTIONS, tool("objdump", "--disassemble", "--no-show-raw-insn", elf).splitlines())
    check_sizes(elf)
    check_stack(elf, objects)
    return 0


sys.exit(main())
