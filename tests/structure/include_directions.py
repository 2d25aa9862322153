"""Dependencies point one way: reads every #include and refuses one that points up or sideways.

Folders: models <- sim <- fmi <- hil <- bindings. Inside sim: the files of sim/ itself <- checks <- language <- plant, trace.
Inside hil: packlink <- firmware <- (transport <- link), and core of the firmware includes nothing of the host.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1])
ORDER = ["models", "sim", "fmi", "hil", "bindings"]

# part of the tree -> parts it may include (besides itself)
MAY_USE = {
    "models": [],
    "sim": ["models"],
    "sim/checks": ["models", "sim"],
    # the plain parameter structs of the plant are part of the pack profile
    "sim/language": ["models", "sim", "sim/checks", "sim/plant/plant_parameters.h", "sim/plant/sensing_parameters.h"],
    "sim/plant": ["models", "sim", "sim/checks", "sim/language"],
    "sim/trace": ["models", "sim"],
    "fmi": ["models"],
    # goes into the FMU: may not drag in the exporter
    "fmi/library": ["models", "fmi/fmi3.h", "fmi/member_count.h", "fmi/pack_file.h", "fmi/start_values.h", "fmi/variables.h"],
    "hil/packlink": [],
    "hil/firmware/core": ["hil/packlink"],
    "hil/firmware/app": ["hil/firmware/core", "hil/packlink"],
    "hil/firmware/board": ["hil/firmware/app", "hil/firmware/core", "hil/packlink"],
    "hil/firmware/host": ["hil/firmware/app", "hil/firmware/core", "hil/packlink", "sim", "sim/language", "models"],
    # the layout of what an image keeps over a reset is between it and whoever resets it
    "hil/transport": ["hil/packlink", "hil/firmware", "hil/firmware/app", "hil/firmware/core", "hil/firmware/host/variables.h",
                      "hil/firmware/board/cortexm/boot_record.h", "sim", "models"],
    "hil/link": ["hil/transport", "hil/packlink", "hil/firmware", "hil/firmware/app", "hil/firmware/core", "hil/firmware/host", "hil/device.h",
                 "models", "sim", "sim/checks", "sim/language", "sim/plant"],
    "hil/api/values": ["sim"],
    "hil/api/store": ["hil/api/values"],
    "hil/api/http": ["hil/api/values"],
    "hil/api/service": ["hil/api/values", "hil/api/store", "hil/api/http"],
    "hil/api/server": ["hil/api/values", "hil/api/http", "hil/api/service"],
    "hil/api/client": ["hil/api/values", "hil/api/http"],
    "hil/api/probe": ["sim", "hil/api/values", "hil/api/http", "hil/api/client"],
    "hil/api/gateway": ["sim", "hil/api/values", "hil/api/store", "hil/api/client", "hil/packlink"],
    "hil/api/judge": ["hil/api/values", "hil/api/store", "hil/api/http", "hil/api/service", "hil/api/server", "hil/api/client", "hil/api/gateway",
                      "hil/packlink", "hil/device.h", "hil/run_result.h", "models", "sim", "sim/checks", "sim/language", "sim/plant", "sim/trace"],
    "hil/report": ["hil/run_result.h", "hil/device.h", "hil/packlink", "models", "sim", "sim/checks", "sim/language", "sim/plant",
                   "sim/trace", "hil/version.h"],
    "hil": ["models", "sim", "hil"],
    "hil/cli": ["models", "sim", "fmi", "hil"],
    "bindings": ["models", "sim", "hil"],
}
OPEN = {"hil", "hil/cli", "bindings"}  # these may use every folder below them


def part_of(path):
    """The longest entry of MAY_USE that holds this path."""
    parts = path.parts[:-1]
    for length in range(len(parts), 0, -1):
        name = "/".join(parts[:length])
        if name in MAY_USE:
            return name
    return None


def allowed(source, target):
    part = part_of(source)
    other = part_of(target)
    if other is None or part == other:
        return True
    if part in OPEN:
        return ORDER.index(target.parts[0]) <= ORDER.index(source.parts[0]) and not (other == "hil/cli" and part != "hil/cli")
    return other in MAY_USE[part] or target.as_posix() in MAY_USE[part]


def main():
    errors = []
    count = 0
    for folder in ORDER:
        for source in sorted((ROOT / folder).rglob("*")):
            if source.suffix not in (".h", ".cpp", ".c"):
                continue
            relative = source.relative_to(ROOT)
            for number, line in enumerate(source.read_text().splitlines(), 1):
                match = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
                if not match or not (ROOT / match[1]).is_file():
                    continue
                count += 1
                if not allowed(relative, pathlib.PurePosixPath(match[1])):
                    errors.append(f"{relative}:{number}: {part_of(relative)} must not include {match[1]}")
    print("\n".join(errors))
    print(f"{count} includes read, {len(errors)} in a forbidden direction")
    return 1 if errors or count == 0 else 0


sys.exit(main())
