"""Devices that crash, hang, flood, answer nonsense, are busy or are not there: the verdict, the reason, nothing left behind."""
import fcntl
import os
import pathlib
import pty
import signal
import subprocess

import pytest

from conftest import nothing_half_written


def judged(bench, *arguments, verdict, code):
    done = bench("run", bench.scenario("ten seconds", rest="10 s"), "--out", "out", "--watchdog", "1", *arguments)
    run = bench.run_of()
    assert (run["verdict"], done.returncode) == (verdict, code), run["reason"]
    assert run["reason"] in done.stdout
    nothing_half_written(bench.folder)
    return run["reason"]


DEFECTS = {
    "crash": "the device is gone: the process was killed by signal 4 (Illegal instruction).",
    "hang": "the device stalled: it did not finish its step to",
    "flood": "the device floods the line: more than 65536 bytes came without an end of its answer",
}


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_misbehaving_process_fails_with_the_time_and_the_reason(bench, defect):
    reason = judged(bench, "--device", "native:", "--defect", defect, verdict="fail", code=1)
    assert reason.startswith("at 5.000 s: " + DEFECTS[defect])


@pytest.mark.parametrize("defect", DEFECTS)
def test_the_next_scenario_gets_a_fresh_device(bench, defect):
    long, short = bench.scenario("a long one", rest="10 s"), bench.scenario("b short one", rest="1 s")
    done = bench("run", long, short, "--defect", defect, "--watchdog", "1", "--out", "out")
    assert done.returncode == 1
    assert [run["verdict"] for run in bench.results()["runs"]] == ["fail", "pass"]


def test_a_program_that_ends_at_once_fails(bench):
    reason = judged(bench, "--device", "exec:/bin/true", verdict="fail", code=1)
    assert reason == "at 0.000 s: the device is gone: the process ended with exit status 0."


def test_a_program_that_echoes_fails_and_is_recognised(bench):
    reason = judged(bench, "--device", "exec:/bin/cat", verdict="fail", code=1)
    assert "no IDENT within 1 s of wall time" in reason and "sends back what it is sent" in reason


def test_a_program_that_floods_fails(bench):
    assert "the device floods the line" in judged(bench, "--device", "exec:/usr/bin/yes", verdict="fail", code=1)


def test_a_silent_program_with_children_fails_and_all_are_ended(bench):
    bench.write("silent.sh", "#!/bin/sh\nsleep 1000 &\nsleep 1000\n").chmod(0o755)
    assert "no IDENT within 1 s" in judged(bench, "--device", "exec:./silent.sh", verdict="fail", code=1)


def test_a_program_that_does_not_exist_cannot_be_judged(bench):
    reason = judged(bench, "--device", "exec:/no/such/program", verdict="inconclusive", code=2)
    assert reason == "cannot start '/no/such/program': No such file or directory."


def test_an_emulator_that_is_not_installed_skips_the_run_and_says_what_to_install(bench):
    bench.environment["PATH"] = str(bench.folder)
    done = bench("run", bench.scenario(), "--device", "qemu:", "--device", "inproc:")
    assert done.returncode == 0 and "1 pass, 0 fail, 0 inconclusive, 1 skipped" in done.stdout, done.stdout
    assert "qemu: needs " in done.stdout and "./bench firmware" in done.stdout


def test_a_serial_port_that_does_not_exist_cannot_be_judged(bench):
    reason = judged(bench, "--device", "serial:/dev/ttyNOPE9", verdict="inconclusive", code=2)
    assert reason.startswith("there is no serial port '/dev/ttyNOPE9'; ")


def test_a_pty_is_no_serial_port(bench):
    ours, theirs = pty.openpty()
    name = os.ttyname(theirs)
    reason = judged(bench, "--device", f"serial:{name}", verdict="inconclusive", code=2)
    assert reason == f"'{name}' is a pseudo-terminal, not a serial port; use pty:{name}."
    os.close(ours), os.close(theirs)


def test_a_pty_path_that_does_not_exist_cannot_be_judged(bench):
    reason = judged(bench, "--device", "pty:/no/such/pty", verdict="inconclusive", code=2)
    assert reason == "cannot open the pseudo-terminal '/no/such/pty': No such file or directory."


def test_a_pty_that_another_bench_uses_is_busy_and_its_holder_is_named(bench):
    ours, theirs = pty.openpty()
    name = os.ttyname(theirs)
    fcntl.flock(theirs, fcntl.LOCK_EX)
    reason = judged(bench, "--device", f"pty:{name}", verdict="inconclusive", code=2)
    assert reason.startswith(f"the pseudo-terminal '{name}' is busy: another bench uses it (held by ")
    assert f"process {os.getpid()}" in reason
    os.close(ours), os.close(theirs)


def test_a_serial_port_that_another_process_holds_is_busy_and_its_holder_is_named(bench):
    port = "/dev/ttyS0"
    if not pathlib.Path("/sys/class/tty/ttyS0/device").exists() or not os.access(port, os.R_OK | os.W_OK):
        pytest.skip("there is no serial port that this user may open")
    held = os.open(port, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    reason = judged(bench, "--device", f"serial:{port}", verdict="inconclusive", code=2)
    os.close(held)
    assert reason.startswith(f"the serial port '{port}' is busy (held by ") and f"process {os.getpid()}" in reason


def test_a_device_on_a_pty_serves_one_run_after_another_also_with_several_jobs(bench):
    device = bench.start("device", stdout=subprocess.PIPE, text=True)
    path = device.stdout.readline().strip()
    names = [bench.scenario(name) for name in ("one", "two", "three")]
    done = subprocess.run(bench.command("run", *names, "--device", f"pty:{path}", "--jobs", "3", "--out", "out"), cwd=bench.folder,
                          env=bench.environment, capture_output=True, text=True, timeout=60)
    device.send_signal(signal.SIGTERM)
    assert device.wait(20) == 0
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(bench.results()["runs"]) == 3


def test_a_device_on_a_pty_that_dies_in_a_run_leaves_it_unjudged(bench):
    device = bench.start("device", "--defect", "crash", stdout=subprocess.PIPE, text=True)
    path = device.stdout.readline().strip()
    done = subprocess.run(bench.command("run", bench.scenario("ten", rest="10 s"), "--device", f"pty:{path}", "--out", "out", "--watchdog", "1"),
                          cwd=bench.folder, env=bench.environment, capture_output=True, text=True, timeout=60)
    device.wait(20)
    assert done.returncode == 2
    assert f"the other end of '{path}' was closed" in bench.run_of()["reason"]
    assert bench.processes() == []


FLIP = """scenario: a bit at a symbol
phases:
  - rest: 5 s
faults:
  - {machine: device, kind: bit_flip, variable: "symbol:%s", bit: 7, at: 2 s}
expect:
  - {name: the pack stays connected, always: truth.main_contactor == closed}
"""


def flipped_at(bench, symbol, device):
    bench.write("flip.yaml", FLIP % symbol)
    bench("run", "flip.yaml", "--device", device, "--out", "out", "--no-api")
    run = bench.run_of()
    return run["verdict"], run["reason"]


def test_a_bit_at_a_symbol_needs_an_image_that_has_it(bench):
    if not pathlib.Path(bench.program).with_name("packbench-stm32").exists():
        pytest.skip("packbench-stm32 is not built")
    assert flipped_at(bench, "packbench_retained+8", "stm32:") == ("pass", "1 of 1 checks passed")
    code = "_ZN9packbench8firmware6Device11send_noticeEv+8"  # in flash; a board whose clocks start has nothing to say
    assert flipped_at(bench, code, "stm32:")[0] == "pass"
    verdict, reason = flipped_at(bench, "nobody", "stm32:")
    assert verdict == "inconclusive" and "the image has no variable 'nobody'" in reason
    for device in ("inproc:", "native:"):
        verdict, reason = flipped_at(bench, "packbench_retained+8", device)
        assert verdict == "skipped" and "this firmware is no image with symbols" in reason
