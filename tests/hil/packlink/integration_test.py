"""What a customer copies builds alone and runs; INTEGRATION.md works as it is written, and the bench says what it says."""
import os
import pathlib
import re
import shutil
import subprocess

import pytest

PACKBENCH, REPOSITORY = os.environ["PACKBENCH"], pathlib.Path(os.environ["REPOSITORY"])
PACKLINK = REPOSITORY / "hil/packlink"
HAL = pathlib.Path(__file__).parent / "hal"
COPIED = ["packlink.h", "packlink.c", "messages.h", "example/bench_link.h", "example/bench_link.c", "example/bms.c"]
GUIDE = (PACKLINK / "INTEGRATION.md").read_text()
TRIP = "protection/cell_overvoltage_trip.yaml"
WARNINGS = ["-std=c99", "-D_POSIX_C_SOURCE=200809L", "-pedantic", "-Wall", "-Wextra", "-Werror"]


class Project:
    """A folder that holds nothing but the copied files and a main.c."""

    def __init__(self, folder, main):
        self.folder = pathlib.Path(folder)
        for name in COPIED:
            shutil.copy(PACKLINK / name, self.folder)
        for file in [main] if isinstance(main, pathlib.Path) else HAL.iterdir():
            shutil.copy(file, self.folder)
        if not isinstance(main, pathlib.Path):
            (self.folder / "main.c").write_text(main)

    def change(self, file, old, new):
        text = (self.folder / file).read_text()
        assert old in text, f"{file} has no '{old}'"
        (self.folder / file).write_text(text.replace(old, new))
        return self

    def run(self, scenario, *options):
        sources = sorted(str(file) for file in self.folder.glob("*.c"))
        subprocess.run(["cc", *WARNINGS, *sources, "-o", self.folder / "device"], check=True)
        command = [PACKBENCH, "run", REPOSITORY / "scenarios" / scenario, "--device", f"exec:{self.folder}/device", "--no-api", *options]
        return subprocess.run(command, capture_output=True, text=True, timeout=60)


@pytest.fixture
def example(tmp_path):
    return Project(tmp_path, PACKLINK / "example/main.c")


def guide_main():
    """main.c of the guide: every block in the section that it names."""
    main = (HAL / "main.c").read_text()
    blocks = re.findall(r"```c\n(/\* USER CODE BEGIN (\w+) \*/\n.*?)```", GUIDE, re.DOTALL)
    assert len(blocks) == len(re.findall(r"^```c$", GUIDE, re.MULTILINE)) == 5
    for block, section in blocks:
        empty = re.compile(rf" */\* USER CODE BEGIN {section} \*/\n */\* USER CODE END {section} \*/\n")
        assert len(empty.findall(main)) == 1, section
        main = empty.sub(lambda _, block=block: block, main)
    return main


SCENARIOS = [TRIP, "protection/cell_undervoltage_last_cell.yaml", "communication/uart_silence_500ms.yaml", "boot/boot_and_precharge.yaml"]


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_example_passes(example, scenario):
    done = example.run(scenario)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_guide_passes_as_it_is_written(tmp_path, scenario):
    done = Project(tmp_path, guide_main()).run(scenario)
    assert done.returncode == 0, done.stdout + done.stderr


def test_an_example_that_trips_late_fails(example):
    done = example.change("bms.c", ">= 2000000", ">= 3000000").run(TRIP)
    assert done.returncode == 1 and "the charger contactor opens in its time" in done.stdout


# What the guide promises that the bench says: the words, and what is wrong with the device.
MESSAGES = {
    "no IDENT within": ("main.c", "bench_link_feed((uint8_t)byte);", "(void)byte;"),
    "sends back what it is sent": ("main.c", "bench_link_feed((uint8_t)byte);", "putchar(byte), fflush(stdout);"),
    "it did not finish its step": ("bench_link.c", "answer(received->sequence)", "answer(0)"),
    "reported no status": ("bench_link.c", "bench_link_send(frame, packlink_encode_status(frame, sizeof frame, sequence++, &status));", ""),
    "state PRECHARGE": ("bench_link.c", "bench_link_send(frame, packlink_encode_actuators(frame, sizeof frame, sequence++, &out));", ""),
    "state INIT": ("bms.c", ": STANDBY;", ": 0;"),
    "was not ready (IDLE)": ("bms.c", "enabled = true", "enabled = false"),
    "the first numbers must agree": ("bench_link.c", "{PACKLINK_VERSION_MAJOR,", "{PACKLINK_VERSION_MAJOR + 1,"),
    "handles at most": ("bench_link.c", "PACKLINK_MAX_CELLS,", "12,"),
}


@pytest.mark.parametrize("words", MESSAGES)
def test_the_bench_says_what_the_guide_says(example, words):
    assert f"`{words}`" in GUIDE
    done = example.change(*MESSAGES[words]).run(TRIP, "--watchdog", "1")
    assert done.returncode == 1 and words in done.stdout


def test_a_scenario_that_the_guide_names_exists():
    named = re.findall(r"scenarios/[\w/-]+\.yaml", GUIDE)
    assert named and all((REPOSITORY / name).exists() for name in named)


@pytest.mark.skipif(shutil.which("arm-none-eabi-size") is None, reason="needs gcc-arm-none-eabi")
def test_the_sizes_of_the_guide_hold(tmp_path):
    project = Project(tmp_path, guide_main())
    flags = ["-mcpu=cortex-m7", "-mthumb", "-Os", "-std=c99", "-c"]
    objects = []
    for name in ("packlink", "bench_link"):
        objects.append(str(tmp_path / f"{name}.o"))
        subprocess.run(["arm-none-eabi-gcc", *flags, project.folder / f"{name}.c", "-o", objects[-1]], check=True)
    lines = subprocess.run(["arm-none-eabi-size", *objects], capture_output=True, text=True, check=True).stdout.splitlines()[1:]
    text, data, bss = (sum(int(line.split()[field]) for line in lines) for field in range(3))
    assert text <= 5_000 and data + bss <= 1_000, (text, data, bss)

