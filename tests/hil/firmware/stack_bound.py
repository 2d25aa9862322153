"""The deepest stack that an image can need, from what the compiler wrote beside its objects (-fcallgraph-info=su).

A function's need is its own frame and the deepest of its callees'. A call through a pointer may reach every function whose
address some code or constant takes. Functions of the libraries come without a call graph: their frames are read from their
instructions. A cycle is recursion, and an error.
"""
import pathlib
import re
import subprocess

EXCEPTION_FRAME = 26 * 4 + 4  # ARMv7-M B1.5.7: with floating-point registers, and alignment
INDIRECT = "__indirect_call"

NODE = re.compile(r'node: \{ title: "([^"]*)" label: "[^"]*?\\n[^"]*?\\n(\d+) bytes \((\w+(?:,\w+)?)\)[^"]*"')
EDGE = re.compile(r'edge: \{ sourcename: "([^"]*)" targetname: "([^"]*)"')


def plain(title):
    """Names of functions that a file keeps to itself come as "file:name"."""
    return title.rsplit(":", 1)[-1]


def tool(*arguments):
    return subprocess.run(["arm-none-eabi-" + arguments[0], *arguments[1:]], check=True, capture_output=True, text=True).stdout


def read_graphs(folder):
    frames, calls = {}, {}
    for graph in pathlib.Path(folder).rglob("*.ci"):
        text = graph.read_text()
        for title, size, kind in NODE.findall(text):
            assert kind == "static" or kind == "dynamic,bounded", f"{title}: its frame is {kind}"
            frames[plain(title)] = max(frames.get(plain(title), 0), int(size))
        for source, target in EDGE.findall(text):
            calls.setdefault(plain(source), set()).add(plain(target))
    assert frames, "no call graph was found"
    return frames, calls


def address_taken(folder):
    """Functions to which a pointer exists outside debug information and the vector table."""
    taken = set()
    for item in pathlib.Path(folder).rglob("*.obj"):
        section = ""
        for line in tool("readelf", "--wide", "--relocs", str(item)).splitlines():
            if match := re.match(r"Relocation section '\.rela?(\.[^']*)'", line):
                section = match[1]
            if re.match(r"\.(debug|ARM|vectors|stack)", section):
                continue
            if match := re.search(r"R_ARM_(?:ABS32|THM_MOVW_ABS_NC|TARGET1)\s+\w+\s+(\S+)", line):
                taken.add(match[1].removeprefix(".text."))
    return taken


def library_frames(elf, known):
    """Frames and calls of the functions without a call graph, from push, store-multiple and stack arithmetic."""
    frames, calls, name = {}, {}, None
    for line in tool("objdump", "--disassemble", "--no-show-raw-insn", elf).splitlines():
        if match := re.match(r"[0-9a-f]{8} <([^>]+)>:", line):
            name = match[1]
            if name in known:
                name = None
            else:
                frames[name] = 0
        elif name:
            if match := re.search(r"\t(?:push|stmdb\s+sp!,|stmfd\s+sp!,)(?:\.w)?\s*\{([^}]*)\}", line):
                frames[name] += 4 * sum(registers(part) for part in match[1].split(","))
            if match := re.search(r"\tsub(?:w|\.w)?\tsp, (?:sp, )?#(\d+)", line):
                frames[name] += int(match[1])
            if match := re.search(r"\tstr[d]?(?:\.w)?\t.*\[sp, #-(\d+)\]!", line):
                frames[name] += int(match[1])
            if match := re.search(r"\tbl?(?:\.w|\.n)?\t[0-9a-f]+ <([^>+]+)>$", line):
                if match[1] != name:
                    calls.setdefault(name, set()).add(match[1])
    return frames, calls


def registers(part):
    match = re.match(r"\s*r(\d+)-r(\d+)", part)
    return int(match[2]) - int(match[1]) + 1 if match else 1


class Depths:
    def __init__(self, elf, folder):
        self.frames, self.calls = read_graphs(folder)
        frames, calls = library_frames(elf, self.frames)
        self.frames |= frames
        for name in frames:
            self.calls[name] = calls.get(name, set())
        linked = set(re.findall(r"\b[tTwW] (\S+)", tool("nm", elf)))
        self.calls[INDIRECT] = address_taken(folder) & set(self.frames) & linked
        self.frames[INDIRECT] = 0
        self.path, self.known = [], {}

    def of(self, name):
        """(bytes, the chain of functions that needs them)"""
        if name in self.known:
            return self.known[name]
        assert name not in self.path, f"recursion: {' -> '.join(self.path[self.path.index(name):] + [name])}"
        if name not in self.frames:
            assert name.startswith("__builtin"), f"nothing is known of the stack of '{name}'"
            return 0, []
        self.path.append(name)
        deepest, chain = max((self.of(callee) for callee in sorted(self.calls.get(name, ()))), default=(0, []))
        self.path.pop()
        self.known[name] = (self.frames[name] + deepest, [name, *chain])
        return self.known[name]

    def worst(self):
        """Main program, one interrupt on top of it, a fault on top of that."""
        main, chain = self.of("packbench_reset")
        interrupt = max(self.of("packbench_line")[0], self.of("packbench_systick")[0])
        fault = self.of("packbench_fault")[0]
        return main + EXCEPTION_FRAME + interrupt + EXCEPTION_FRAME + fault, chain
