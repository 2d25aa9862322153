"""What a person sees: a progress line on a terminal, plain text in a pipe."""
import os
import re
import signal
import subprocess

from conftest import read_all, read_until


def test_progress_shows_scenario_time_speed_and_the_verdict_so_far(bench):
    process, terminal = bench.start_on_terminal("run", bench.scenario("hours", rest="20 h"))
    seen = read_until(terminal, "so far")
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    os.close(terminal)
    assert re.search(r"\[1/1\] hours \| .+ \| \d+:\d\d:\d\d of at most 20:00:\d\d \| x\d+ \| no fail so far", seen), seen


def test_the_progress_line_is_gone_when_a_run_has_ended(bench):
    process, terminal = bench.start_on_terminal("run", bench.scenario())
    process.communicate(timeout=60)
    assert read_all(terminal).endswith("\r\x1b[K")
    os.close(terminal)


def test_no_escape_codes_and_no_progress_in_a_pipe(bench):
    done = bench("run", bench.scenario(), bench.failing())
    assert "\x1b" not in done.stdout + done.stderr and "\r" not in done.stdout + done.stderr
    assert done.stderr == ""


def test_verdicts_are_coloured_on_a_terminal_only(bench):
    ours, theirs = os.openpty()
    process = bench.start("run", bench.scenario(), stdin=subprocess.DEVNULL, stdout=theirs, stderr=subprocess.PIPE, text=True)
    os.close(theirs)
    shown = read_all(ours)
    assert process.wait(60) == 0 and process.stderr.read() == ""
    os.close(ours)
    assert "\x1b[32mpass" in shown


def test_every_run_has_a_line_with_verdict_scenario_device_and_speed(bench):
    done = bench("run", bench.scenario(), "--device", "inproc:")
    assert re.match(r"pass +short on inproc:  \(0:00:\d\d simulated in \d+\.\d\d s, x\d+\)\n", done.stdout)


def test_a_reader_that_goes_away_does_not_stop_the_report(bench):
    reader, writer = os.pipe()
    os.close(reader)
    process = bench.start("run", bench.scenario(), "--out", "out", stdout=writer, stderr=subprocess.DEVNULL)
    os.close(writer)
    process.wait(60)
    assert bench.run_of()["verdict"] == "pass"
