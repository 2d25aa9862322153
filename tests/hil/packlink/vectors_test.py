#!/usr/bin/python3
"""Encodes every row of vectors.txt with an encoder of its own and compares the frame; `--write` fills the frames in."""
import struct
import sys
import zlib

DELIMITED = {0x01, 0x03, 0x81, 0x83}  # HELLO, TICK, IDENT, TICK_DONE start with a delimiter
INTEGERS = {"u8": "<B", "u16": "<H", "u32": "<I", "u64": "<Q", "i32": "<i"}


def field(token):
    kind, value = token.split("=", 1)
    if kind in INTEGERS:
        return struct.pack(INTEGERS[kind], int(value, 0))
    text = value.replace("_", " ").encode()
    return text if kind == "text" else text.ljust(int(kind[1:]), b"\0")


def cobs(body):
    return b"".join(bytes([len(run) + 1]) + run for run in body.split(b"\0"))


def frame(kind, sequence, payload):
    body = struct.pack("<BBH", kind, 0, sequence) + payload
    body += struct.pack("<I", zlib.crc32(body))
    return (b"\0" if kind in DELIMITED else b"") + cobs(body) + b"\0"


def encode(columns):
    name, kind, sequence = columns[0].split()
    return frame(int(kind, 0), int(sequence), b"".join(map(field, columns[1].split()))).hex()


def main(path, write):
    lines, wrong = [], 0
    for line in open(path):
        columns = [column.strip() for column in line.split("|")]
        if line.startswith("#") or len(columns) < 3:
            lines.append(line)
            continue
        lines.append(" | ".join([*columns[:2], encode(columns)]) + "\n")
        if encode(columns) != columns[2]:
            wrong += 1
            print(f"{columns[0]}: expected {encode(columns)}, the table has {columns[2]}")
    if write:
        open(path, "w").writelines(lines)
        return 0
    assert len(lines) > 10, "the table of vectors is empty"
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], "--write" in sys.argv))
