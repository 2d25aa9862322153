"""The same run gives the same bits, however it is run."""
import pytest

from conftest import LIBRARY

SEVERAL = [LIBRARY / "communication", LIBRARY / "boot"]


def bits(results):
    return [(run["scenario"], run["device"], run["verdict"], run["trace_hash"]) for run in results["runs"]]


def test_each_scenario_runs_on_each_device_with_the_same_bits(bench):
    done = bench("run", *SEVERAL, "--device", "inproc:", "--device", "native:", "--out", "out")
    assert done.returncode == 0, done.stdout
    runs = bits(bench.results())
    assert [run[1] for run in runs] == ["inproc:", "native:"] * (len(runs) // 2)
    for inproc, native in zip(runs[::2], runs[1::2]):
        assert inproc[0] == native[0] and inproc[3] == native[3]


def test_two_jobs_give_the_order_and_the_bits_of_one(bench):
    for jobs in ("1", "2"):
        assert bench("run", *SEVERAL, "--device", "inproc:", "--device", "native:", "--jobs", jobs, "--out", "out" + jobs).returncode == 0
    one, two = bench.results("out1"), bench.results("out2")
    assert len(one["runs"]) >= 4
    assert bits(one) == bits(two)
    assert [run["trace"] for run in one["runs"]] == [run["trace"] for run in two["runs"]]
    assert [run["checks"] for run in one["runs"]] == [run["checks"] for run in two["runs"]]


@pytest.mark.parametrize("pace", [["--speed", "50"], ["--realtime"]])
def test_a_paced_run_gives_the_bits_of_full_speed(bench, pace):
    name = bench.scenario(rest="300 ms")
    assert bench("run", name, "--out", "fast").returncode == 0
    assert bench("run", name, "--out", "paced", *pace).returncode == 0
    fast, paced = bench.run_of("fast"), bench.run_of("paced")
    assert paced["trace_hash"] == fast["trace_hash"]
    speed = float(pace[1]) if len(pace) > 1 else 1.0
    assert paced["wall_s"] >= (paced["sim_s"] - 0.1) / speed  # the last step of 0.1 s is not waited for


def test_another_seed_gives_other_bits(bench):
    name = bench.scenario()
    for seed in ("1", "2"):
        bench("run", name, "--out", seed, "--seed", seed)
    assert bench.run_of("1")["trace_hash"] != bench.run_of("2")["trace_hash"]
    assert bench.run_of("2")["seed"] == 2


def test_the_largest_seed_is_kept_to_the_digit(bench):
    bench("run", bench.scenario(), "--out", "out", "--seed", str(2**64 - 1))
    assert bench.run_of()["seed"] == 2**64 - 1
