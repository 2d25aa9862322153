import os
import pathlib

import numpy
import pytest

import packbench

SCENARIOS = pathlib.Path(os.environ["PACKBENCH_SOURCE"]) / "scenarios"
DISCHARGE = SCENARIOS / "operation" / "steady_discharge.yaml"


def test_a_simulation_is_a_trace_with_verdicts():
    simulation = packbench.simulate(DISCHARGE)
    assert simulation["truth.cell_voltage"].shape == (len(simulation.time_s), 15)
    assert simulation.units["truth.pack_current"] == "A"
    assert simulation["truth.pack_current"].min() < -40
    assert simulation.result.verdict != "fail" and simulation.result.device == ""


def test_truth_obeys_charge_balance():
    simulation = packbench.simulate(DISCHARGE)
    taken_Ah = -numpy.diff(simulation["truth.cell_soc"][[0, -1]], axis=0)[0] * simulation["truth.cell_capacity"][0]
    current_A, time_s = simulation["truth.pack_current"], simulation.time_s
    given_Ah = -(0.5 * (current_A[1:] + current_A[:-1]) * numpy.diff(time_s)).sum() / 3600
    # the trapezoid is half a sample wrong at each of the two changes of current; the cells age by less than 5e-4
    edges_Ah = numpy.abs(current_A).max() * numpy.diff(time_s).max() / 3600
    numpy.testing.assert_allclose(taken_Ah, given_Ah, rtol=5e-4, atol=edges_Ah)


def test_a_period_thins_the_trace():
    whole, thin = packbench.simulate(DISCHARGE), packbench.simulate(DISCHARGE, trace_period_s=10.0)
    assert len(thin.time_s) < len(whole.time_s) / 50
    places = numpy.searchsorted(whole.time_s, thin.time_s - 1e-9)
    numpy.testing.assert_array_equal(whole["truth.cell_soc"][places], thin["truth.cell_soc"])


def test_what_is_set_and_the_seed_count():
    full = packbench.simulate(DISCHARGE, set=["pack.soc=90 %"])
    assert full["truth.cell_soc"][0].mean() == pytest.approx(0.9, abs=0.01)
    other = packbench.simulate(DISCHARGE, seed=99)
    assert (other["sensed.cell_voltage"][0] != packbench.simulate(DISCHARGE, seed=98)["sensed.cell_voltage"][0]).any()


def test_out_keeps_report_and_trace(tmp_path):
    simulation = packbench.simulate(DISCHARGE, out=tmp_path)
    assert (tmp_path / "report.html").exists() and pathlib.Path(simulation.result.trace_file).exists()


def test_a_bad_scenario_is_refused(tmp_path):
    bad = tmp_path / "bad.yaml"
    bad.write_text("scenario: bad\nphases:\n  - rest: 5 V\n")
    with pytest.raises(packbench.ScenarioError, match="bad.yaml:3:"):
        packbench.simulate(bad)
    with pytest.raises(ValueError, match="trace_period_s must be at least 0"):
        packbench.simulate(DISCHARGE, trace_period_s=-1)
