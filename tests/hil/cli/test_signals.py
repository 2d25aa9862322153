"""Ctrl-C, SIGTERM and SIGKILL in the middle of a run on native:."""
import os
import signal

import pytest

from conftest import files_in, nothing_half_written, read_all, read_until, wait_gone


def interrupt(bench, number, name, words="1/1", *arguments):
    process, terminal = bench.start_on_terminal("run", name, "--device", "native:", "--out", "out", *arguments)
    seen = read_until(terminal, words)
    assert len(bench.processes()) == 3, "the bench, its device, and the process that a reset starts it from"
    process.send_signal(number)
    stdout, _ = process.communicate(timeout=60)
    read_all(terminal)
    os.close(terminal)
    return process.returncode, stdout, seen


@pytest.mark.parametrize("number, code", [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_ends_the_run_with_a_report(bench, number, code):
    ended, stdout, _ = interrupt(bench, number, bench.scenario("hours", rest="20 h"))
    assert ended == code
    run = bench.run_of()
    assert run["verdict"] == "inconclusive" and run["interrupted"] is True
    assert run["reason"].startswith("interrupted after ") and run["reason"] in stdout
    assert bench.processes() == []
    nothing_half_written(bench.folder)
    assert files_in(bench.folder / "out") == ["junit.xml", "report.html", "results.json", "traces/001-hours-native.csv",
                                              "traces/001-hours-native.h5"]


def test_an_interrupted_run_that_has_failed_stays_failed(bench):
    ended, _, _ = interrupt(bench, signal.SIGINT, bench.failing("hours", rest="20 h"), "| fail so far")
    assert ended == 130
    run = bench.run_of()
    assert run["verdict"] == "fail" and run["interrupted"] is True
    assert run["reason"].startswith("check 'it charges' failed: ")


def test_runs_that_never_began_are_left_out(bench):
    first, second = bench.scenario("hours", rest="20 h"), bench.scenario("never", rest="20 h")
    process, terminal = bench.start_on_terminal("run", first, second, "--out", "out")
    read_until(terminal, "1/2")
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    os.close(terminal)
    assert process.returncode == 130
    assert [run["scenario"] for run in bench.results()["runs"]] == ["hours"]


def test_ctrl_c_does_not_wait_for_a_slow_clock(bench):
    ended, _, _ = interrupt(bench, signal.SIGINT, bench.scenario("slow", rest="1 h"), "1/1", "--speed", "0.0001")
    assert ended == 130


def test_several_runs_at_once_all_end(bench):
    names = [bench.scenario(name, rest="20 h") for name in ("one", "two")]
    process, terminal = bench.start_on_terminal("run", *names, "--jobs", "2", "--out", "out")
    read_until(terminal, "running, now")
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    os.close(terminal)
    assert process.returncode == 143
    assert bench.processes() == []
    nothing_half_written(bench.folder)


def test_a_killed_bench_takes_its_device_along(bench):
    process, terminal = bench.start_on_terminal("run", bench.scenario("hours", rest="20 h"), "--device", "native:", "--out", "out")
    read_until(terminal, "1/1")
    devices = [found for found in bench.processes() if found != process.pid]
    assert len(devices) == 2, "the device, and the process that a reset starts it from"
    process.kill()
    process.communicate(timeout=60)
    os.close(terminal)
    for device in devices:
        wait_gone(device)
    assert bench.processes() == []
    assert not (bench.folder / "out/results.json").exists()


def test_a_signal_that_was_switched_off_stays_off(bench):
    process, terminal = bench.start_on_terminal("run", bench.scenario("hours", rest="20 h"), "--out", "out",
                                                ignored=signal.SIGHUP)
    read_until(terminal, "1/1")
    process.send_signal(signal.SIGHUP)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    os.close(terminal)
    assert process.returncode == 143


def test_a_second_ctrl_c_ends_a_bench_whose_device_hangs(bench):
    bench.write("silent.sh", "#!/bin/sh\nexec sleep 1000\n").chmod(0o755)
    process, terminal = bench.start_on_terminal("run", bench.scenario(), "--device", "exec:./silent.sh", "--watchdog", "1000")
    children = []
    while len(children) < 1:
        children = [found for found in bench.processes() if found != process.pid]
    process.send_signal(signal.SIGINT)
    while pending(process.pid, signal.SIGINT):
        pass
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    os.close(terminal)
    assert process.returncode == -signal.SIGINT
    wait_gone(children[0])


def pending(process, number):
    """Whether a signal has not been taken yet: still pending, or its handler (which takes itself away) still set."""
    with open(f"/proc/{process}/status") as file:
        masks = {line.split(":")[0]: int(line.split()[1], 16) for line in file if line.startswith(("SigPnd", "ShdPnd", "SigCgt"))}
    return any(mask & 1 << (number - 1) for mask in masks.values())
