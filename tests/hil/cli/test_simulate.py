"""The pack alone: what is judged, what is left out and said, how the trace is thinned."""
import csv
import json
import os
import re
import signal

import pytest

from conftest import files_in, read_until

DISCHARGE = """\
scenario: discharge
pack: {soc: 80 %%, temperature: 25 degC, spread: off}
start: %s
step: 100 ms
phases:
  - rest: 1 s
  - discharge: 50 A
    until: %s
    limit: 1 min
expect:
  - name: the load runs
    eventually: truth.load_current >= 49.9 A
  - name: sensors agree
    always: abs(sensed.pack_current - truth.pack_current) < 1 A
  - name: the device is well
    never: device.state == FAULT
  - name: the cloud agrees
    telemetry: consistent within 2 s
"""


def discharge(bench, until="truth.soc < 79.9 %", start="ready", more=""):
    return bench.write("discharge.yaml", DISCHARGE % (start, until) + more).name


def rows_of(bench, name="001-discharge-plant.csv"):
    with open(bench.folder / "out" / "traces" / name) as file:
        return list(csv.reader(file))


def test_judges_the_pack_and_skips_what_needs_a_device(bench):
    done = bench("simulate", discharge(bench), "--out", "out")
    assert done.returncode == 0, done.stdout
    run = bench.run_of()
    assert run["simulated"] and run["device"] == "" and run["firmware"] == "" and run["verdict"] == "pass"
    assert [check["verdict"] for check in run["checks"]] == ["pass", "pass", "skipped", "skipped"]
    assert run["checks"][2]["detail"] == "not judged: it needs a device, and there was none"
    assert run["reason"] == "2 of 4 checks passed"
    assert "both contactors stay closed" in run["notes"][0]
    assert bench.results()["coverage"] == [], "a simulation covers no requirement of a device"


def test_says_what_it_did_to_the_pack(bench):
    done = bench("simulate", discharge(bench), "--out", "out")
    pack = bench.run_of()["pack"]
    assert 0.7985 < pack["last_soc"] < 0.799 and abs(pack["first_soc"] - 0.8) < 1e-5
    energy = pack["energy"]
    assert 4 < energy["discharged_Wh"] < 8 and energy["charged_Wh"] == 0 and energy["heat_Wh"] > 0
    assert abs(energy["residual_Wh"]) < 1e-3 * energy["discharged_Wh"] and pack["outside_range"] == []
    assert re.search(r"energy 0 Wh in, \d\.\d+ Wh out, \S+ Wh heat, \S+ Wh unexplained", done.stdout)
    assert re.search(r"cells \d\.\d{3} V \(cell \d+\) to \d\.\d{3} V .*; SOC 80\.0 % to 79\.9 %", done.stdout)
    assert "discharge  (0:00:" in done.stdout and " on " not in done.stdout.splitlines()[0]


def test_leaves_reports_and_a_trace(bench):
    bench("simulate", discharge(bench), "--out", "out")
    assert files_in(bench.folder / "out") == ["junit.xml", "report.html", "results.json", "traces/001-discharge-plant.csv",
                                              "traces/001-discharge-plant.h5"]


def test_the_phases_begin_when_the_bus_is_precharged(bench):
    bench("simulate", discharge(bench), "--out", "out")
    head, *rows = rows_of(bench)
    main, precharge = (head.index(f"truth.{name}_contactor [1]") for name in ("main", "precharge"))
    closed = next(i for i, row in enumerate(rows) if row[main] == "1")
    assert closed > 0 and rows[closed - 1][precharge] == "1", "the precharge path closes first"
    assert all(row[main] == "1" for row in rows[closed:]) and rows[-1][precharge] == "0"
    assert bench.run_of()["phases_start_s"] == pytest.approx(closed * 0.1)


def test_from_power_on_the_phases_begin_at_once(bench):
    bench("simulate", discharge(bench, start="power_on"), "--out", "out")
    assert bench.run_of()["phases_start_s"] == 0


def test_an_until_that_needs_a_device_ends_at_its_limit_and_says_why(bench):
    done = bench("simulate", discharge(bench, until="device.main_contactor == open"), "--out", "out")
    assert done.returncode == 2
    assert bench.run_of()["reason"] == "phase 'discharge 50 A' ended at its limit: its `until` needs a device, and there was none"


def test_a_failed_check_is_exit_1(bench):
    done = bench("simulate", discharge(bench, more="  - name: no load\n    never: truth.load_current > 10 A\n"))
    assert done.returncode == 1 and "check 'no load' failed" in done.stdout


def test_without_anything_to_judge_it_is_simulated_and_exit_0(bench):
    done = bench("simulate", bench.unjudged(), bench.scenario(), "--out", "out")
    assert done.returncode == 0 and done.stdout.startswith("simulated    unjudged  (")
    results = bench.results()
    assert results["verdict"] == "skipped" and [run["verdict"] for run in results["runs"]] == ["skipped", "skipped"]


def test_faults_of_line_and_machine_are_left_out_and_said_others_act(bench):
    faults = ("faults:\n  - line: to_device\n    kind: silence\n    at: 1 s\n  - machine: device\n    kind: reset\n    at: 1 s\n"
              "  - sensor: pack_current\n    kind: offset\n    value: 20 A\n    at: 2 s\n")
    bench("simulate", discharge(bench, more=faults), "--out", "out")
    run = bench.run_of()
    assert [fault["label"] for fault in run["faults"]] == ["pack_current offset 20 A"]
    assert run["notes"][1:] == ["Left out, as there is no device: the fault 'to_device silence'.",
                                "Left out, as there is no device: the fault 'device reset'."]
    assert run["verdict"] == "fail" and "sensors agree" in run["reason"]


def test_a_trace_period_thins_the_rows_but_not_the_checks(bench):
    name = discharge(bench, more="  - name: a moment\n    eventually: closes(truth.main_contactor) or truth.soc < 79.9 %\n")
    bench("simulate", name, "--out", "out", "--trace-period", "2 s")
    times = [float(row[0]) for row in rows_of(bench)[1:]]
    run = bench.run_of()
    assert times[:-1] == [2.0 * i for i in range(len(times) - 1)] and times[-1] == run["sim_s"]
    assert run["steps"] > 10 * len(times) and run["checks"][-1]["verdict"] == "pass"
    assert "--trace-period '2 s'" in run["command"]


@pytest.mark.parametrize("command", [["simulate"], ["run", "--device", "inproc:"]])
def test_no_csv_leaves_the_csv_out(bench, command):
    bench(*command, bench.scenario(), "--out", "out", "--no-csv")
    assert [name for name in files_in(bench.folder / "out" / "traces") if name.endswith(".csv")] == []
    assert len(files_in(bench.folder / "out" / "traces")) == 1


def test_a_step_replaces_the_scenarios(bench):
    bench("simulate", discharge(bench), "--out", "out", "--step", "500 ms", "--plant-step", "250 ms")
    assert bench.run_of()["step_s"] == 0.5


def test_two_simulations_give_the_same_bits(bench):
    name = discharge(bench)
    hashes = set()
    for folder in ("a", "b"):
        bench("simulate", name, "--out", folder)
        hashes.add(bench.run_of(folder)["trace_hash"])
    bench("simulate", name, "--out", "c", "--seed", "9")
    assert len(hashes) == 1 and bench.run_of("c")["trace_hash"] not in hashes


@pytest.mark.parametrize("arguments, words", [
    (["simulate"], "packbench simulate: PATH is required."),
    (["simulate", "s.yaml", "--step", "fast"], "--step: 'fast' is not usable (expected a time above zero, such as 10 s or '1 min')."),
    (["simulate", "s.yaml", "--trace-period", "0 s"], "--trace-period: '0 s' is not usable"),
    (["simulate", "s.yaml", "--device", "inproc:"], "packbench simulate: unknown option '--device'"),
    (["simulate", "s.yaml", "--step", "1 h"], "the step is 3600 s"),
])
def test_bad_input_is_exit_3(bench, arguments, words):
    bench.scenario("s")
    done = bench(*arguments)
    assert done.returncode == 3 and words in done.stderr and done.stdout == ""


def test_ctrl_c_ends_a_long_simulation_with_its_report(bench):
    process, terminal = bench.start_on_terminal("simulate", bench.scenario("hours", rest="2000 h"), "--out", "out", "--no-csv",
                                                "--trace-period", "1 min")
    read_until(terminal, "hours | rest")
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    os.close(terminal)
    assert process.returncode == 130
    run = json.loads((bench.folder / "out" / "results.json").read_text())["runs"][0]
    assert run["interrupted"] and run["verdict"] == "inconclusive" and run["trace"].endswith(".h5")


def test_use_outside_the_cells_range_is_said_everywhere(bench):
    name = bench.write("empty.yaml", "scenario: empty\npack: {soc: 50 %, temperature: 25 degC}\nphases:\n  - rest: 2 s\nfaults:\n"
                       "  - plant: cell[2]\n    kind: imbalance\n    value: -60 %\n    at: 1 s\n").name
    for arguments in (["simulate", name], ["run", name, "--device", "inproc:"]):
        done = bench(*arguments, "--out", "out")
        [outside] = bench.run_of()["pack"]["outside_range"]
        assert outside["what"] == "state of charge below 0 %" and outside["from_s"] > 1 and 0.8 < outside["for_s"] < 1.2
        assert "the cell model was used outside the range it is claimed for: state of charge below 0 % (from " in done.stdout


def test_a_fault_of_a_cell_acts_as_physics_and_its_value_is_judged(bench):
    fault = "faults:\n  - plant: cell[3]\n    kind: internal_short\n    value: %s\n"
    bench("simulate", discharge(bench, more=fault % "1 ohm"), "--out", "out")
    assert bench.run_of()["faults"][0]["label"] == "cell[3] internal_short 1 ohm"
    done = bench("simulate", discharge(bench, more=fault % "0 ohm"))
    assert done.returncode == 3 and "'0 ohm' is out of range (expected 0.00001 ohm to" in done.stderr
