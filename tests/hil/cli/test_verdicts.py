"""Exit codes of a run and their precedence: 4, 1, 2, then 0."""
import os
import stat
import subprocess

import pytest

from conftest import LIBRARY


def test_a_pass_is_exit_0(bench):
    done = bench("run", bench.scenario())
    assert done.returncode == 0
    assert "1 run, 1 check in" in done.stdout and "1 pass, 0 fail, 0 inconclusive, 0 skipped" in done.stdout


def test_a_fail_is_exit_1_and_says_which_check_and_why(bench):
    done = bench("run", bench.failing(), "--out", "out")
    assert done.returncode == 1
    assert "check 'it charges' failed: " in done.stdout
    run = bench.run_of()
    assert run["verdict"] == "fail" and run["reason"].startswith("check 'it charges' failed: ")


def test_a_run_without_checks_is_inconclusive_exit_2(bench):
    done = bench("run", bench.unjudged(), "--out", "out")
    assert done.returncode == 2
    assert "the scenario has no checks, so nothing was judged" in done.stdout
    assert bench.run_of()["verdict"] == "inconclusive"


def test_a_run_of_which_all_is_skipped_is_exit_2(bench):
    bench.write("cloud.yaml", "scenario: cloud\nphases:\n  - rest: 1 s\nexpect:\n  - name: cloud\n    telemetry: consistent within 2 s\n")
    done = bench("run", "cloud.yaml", "--no-api", "--out", "out")
    assert done.returncode == 2
    assert "no check was judged" in done.stdout
    assert bench.run_of()["checks"][0]["detail"] == "the Device API was switched off (--no-api)"


def test_a_fail_outweighs_an_inconclusive_and_a_pass(bench):
    assert bench("run", bench.scenario(), bench.unjudged(), bench.failing()).returncode == 1


def test_an_inconclusive_outweighs_a_pass(bench):
    assert bench("run", bench.scenario(), bench.unjudged()).returncode == 2


def full_device(bench):
    path = bench.folder / "full"
    try:
        os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 7))
        path.write_text("x")
    except PermissionError:
        if os.geteuid() == 0:
            pytest.skip("no device nodes can be made here")
        return "/dev/full"  # whoever is not root cannot replace it
    except OSError:
        pass  # no space left, as it should be
    return path


def test_an_unwritable_report_outweighs_a_fail(bench):
    done = bench("run", bench.failing(), "--junit", full_device(bench))
    assert done.returncode == 4
    assert "The report could not be written: " in done.stderr and "full: No space left on device." in done.stderr


def test_a_report_goes_into_a_device_and_never_in_its_place(bench):
    device = full_device(bench)
    bench("run", bench.scenario(), "--junit", device)
    assert stat.S_ISCHR(os.stat(device).st_mode)


def test_junit_to_standard_output_can_be_piped(bench):
    done = bench("run", bench.scenario(), "--junit", "/dev/stdout")
    assert done.returncode == 0 and "<testsuites name=\"packbench\"" in done.stdout


CLOUD = LIBRARY / "telemetry/telemetry_matches_device.yaml"
UNREACHABLE = "The Device API at 127.0.0.1:1 cannot be reached: connection refused; nothing listens there."


@pytest.fixture
def with_key(bench):
    bench.environment["PACKBENCH_API_KEY"] = "never-asked-for"


def test_an_unreachable_api_leaves_the_cloud_unjudged(bench, with_key):
    done = bench("run", CLOUD, "--api", "http://127.0.0.1:1/v1", "--out", "out")
    assert done.returncode == 2 and UNREACHABLE in done.stdout
    cloud = bench.run_of()["checks"][0]
    assert (cloud["verdict"], cloud["detail"]) == ("inconclusive", UNREACHABLE)


def test_an_unreachable_api_is_said_even_when_no_check_asks_for_it(bench, with_key):
    done = bench("run", bench.scenario(), "--api", "http://127.0.0.1:1/v1")
    assert done.returncode == 2 and UNREACHABLE in done.stdout


def test_an_unreachable_api_does_not_hide_a_fail(bench, with_key):
    assert bench("run", bench.failing(), "--api", "http://127.0.0.1:1/v1").returncode == 1


def test_the_command_in_the_report_reproduces_the_run(bench):
    name = bench.failing("it's $HOME")
    assert bench("run", name, "--out", "out", "--defect", "soc_gain_high", "--seed", "5", "--device", "inproc:").returncode == 1
    run = bench.run_of()
    again = run["command"].replace("packbench", bench.program, 1) + " --out again"
    assert subprocess.run(again, shell=True, cwd=bench.folder, env=bench.environment, capture_output=True).returncode == 1
    assert bench.run_of("again")["trace_hash"] == run["trace_hash"]
