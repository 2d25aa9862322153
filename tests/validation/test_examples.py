"""The examples run without a screen, write what they say, and the titles of their pictures are true."""

import pathlib
import subprocess
import sys

import numpy as np
import pytest

from cells import ROOT

EXAMPLES = ROOT / "examples"
sys.path.insert(0, str(EXAMPLES))

import monte_carlo  # noqa: E402
import pack_year  # noqa: E402
import plots  # noqa: E402


def test_the_script_draws_every_picture(tmp_path):
    subprocess.run([sys.executable, EXAMPLES / "plots.py", "--out", tmp_path], check=True, capture_output=True, cwd=tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == set(plots.FIGURES)
    for path in tmp_path.iterdir():
        assert path.read_bytes().startswith(b"\x89PNG") and path.stat().st_size > 10_000


def test_lfp_has_a_plateau_between_two_knees_and_branches_17_to_30_mV_apart():
    soc, (discharge, middle, charge) = plots.open_circuit(plots.large_cell())
    at = lambda place: np.interp(place, soc, middle)
    plateau = at(0.9) - at(0.2)
    assert at(0.2) - at(0.0) > 4 * plateau and at(1.0) - at(0.95) > plateau
    gap = charge - discharge
    assert gap.min() == pytest.approx(0.017, abs=0.001) and gap.max() == pytest.approx(0.030, abs=0.001)


def test_the_drop_is_larger_in_the_cold_and_recovery_takes_minutes():
    answers = {degC: plots.pulse(plots.large_cell(), degC) for degC in (10, 25, 40)}
    drops = [volt[0] - volt[time_s <= 60].min() for time_s, volt in answers.values()]
    assert drops[0] > 1.2 * drops[1] > 1.2 * drops[2]
    time_s, volt = answers[25]
    missing = volt[-1] - volt
    just_after, minutes_after = (np.interp(60 + wait, time_s, missing) for wait in (0.5, 120))
    assert minutes_after > 0.05 * just_after


def test_runaway_propagates_between_cells_pressed_together_and_stops_at_an_insulator():
    _, pressed, volt = plots.runaway(plots.PRESSED_W_PER_K)
    _, apart, _ = plots.runaway(plots.INSULATED_W_PER_K)
    peaks = pressed.max(axis=0)
    assert (peaks > 400).all(), peaks
    assert (np.diff(pressed.argmax(axis=0)) > 0).all(), "one after the other"
    assert (volt[-1] < 1.0).all(), "voltages have collapsed"
    assert apart[:, 0].max() > 400 and (apart[:, 1:].max(axis=0) < 130).all(), apart.max(axis=0)


def test_a_batch_goes_through_the_hour_on_several_threads():
    pack, _ = monte_carlo.simulate(packs=40, threads=2)
    spread_V = np.ptp(pack.cell_voltage_V, axis=1)
    assert pack.cell_soc.shape == (40, 15) and (spread_V > 1e-3).all() and (spread_V < 0.05).all()


def test_days_end_as_they_began():
    pack, trace, _ = pack_year.simulate(days=2)
    assert trace["pack_soc"].shape == (48, 1)
    assert pack.pack_soc[0] == pytest.approx(0.8, abs=1e-3)
    assert 5 < trace["cell_core_degC"].min() < trace["cell_core_degC"].max() < 35
