"""Responses that have a closed form."""

import numpy as np
import pytest
from scipy.linalg import expm

from simple_cells import cell, pack

STEPS_S = [0.1, 1.0, 10.0, 60.0]
EVERYTHING = ["cell_voltage_V", "cell_soc", "cell_rc1_V", "cell_rc2_V", "cell_hysteresis", "cell_core_degC",
              "cell_surface_degC", "cell_current_A", "cell_heat_W"]


def run(pack, current_A, seconds, step_s=1.0, **more):
    trace = pack.run(np.full(round(seconds / step_s), current_A), step_s, record=EVERYTHING, **more)
    return {name: values[:, 0] for name, values in trace.signals.items()}, trace.time_s


@pytest.mark.parametrize("step_s", STEPS_S)
def test_a_current_step_charges_each_pair_exponentially(step_s):
    it = pack(cell(pairs=[(2e-3, 5.0), (3e-3, 300.0)]))
    got, t = run(it, -20.0, 600.0, step_s)
    pairs_V = -20.0 * (2e-3 * (1 - np.exp(-t / 5.0)) + 3e-3 * (1 - np.exp(-t / 300.0)))
    expected = 3.0 + 0.5 * (0.5 - 20.0 * t / 36000.0) - 20.0 * 1e-3 + pairs_V
    np.testing.assert_allclose(got["cell_voltage_V"][:, 0], expected, rtol=0, atol=1e-11)


@pytest.mark.parametrize("step_s", STEPS_S)
def test_voltage_relaxes_exponentially(step_s):
    it = pack(cell(pairs=[(2e-3, 5.0), (3e-3, 300.0)]))
    run(it, 20.0, 120.0)
    start = {name: it.get(name)[0, 0] for name in ("cell_rc1_V", "cell_rc2_V", "cell_ocv_V")}
    got, t = run(it, 0.0, 1200.0, step_s)
    expected = start["cell_ocv_V"] + start["cell_rc1_V"] * np.exp(-t / 5.0) + start["cell_rc2_V"] * np.exp(-t / 300.0)
    np.testing.assert_allclose(got["cell_voltage_V"][:, 0], expected, rtol=0, atol=1e-11)


def test_the_branch_is_left_exponentially_in_charge():
    it = pack(cell(gap_V=0.03, hysteresis_soc=0.05))
    it.cell_hysteresis = -1.0
    got, t = run(it, 5.0, 1800.0)
    moved = 5.0 * t / 36000.0
    np.testing.assert_allclose(got["cell_hysteresis"][:, 0], 1 - 2 * np.exp(-moved / 0.05), rtol=0, atol=1e-12)


def test_the_loop_is_as_wide_as_the_gap():
    """Far along either branch the voltages at one SOC differ by the gap and twice the drop of the resistance."""
    it = pack(cell(r0_ohm=2e-3, gap_V=0.03, hysteresis_soc=0.02))
    it.cell_soc = 0.1
    up, _ = run(it, 5.0, 3600.0)
    down, _ = run(it, -5.0, 3600.0)
    middle_up = np.interp(0.45, up["cell_soc"][:, 0], up["cell_voltage_V"][:, 0])
    middle_down = np.interp(-0.45, -down["cell_soc"][:, 0], down["cell_voltage_V"][:, 0])
    assert middle_up - middle_down == pytest.approx(0.03 + 2 * 5.0 * 2e-3, abs=0.03 * 4 * np.exp(-0.15 / 0.02))


def test_a_small_loop_settles_to_the_width_of_its_swing():
    """A swing d up and down from then on has |h| = tanh(d / 2s) at its ends, whatever came before."""
    it = pack(cell(gap_V=0.03, hysteresis_soc=0.05))
    it.cell_hysteresis = 1.0
    for _ in range(40):
        run(it, 10.0, 72.0)
        high = it.cell_hysteresis[0, 0]
        run(it, -10.0, 72.0)
    swing = 10.0 * 72.0 / 36000.0
    assert high == pytest.approx(np.tanh(swing / 0.1), abs=1e-6)
    assert it.cell_hysteresis[0, 0] == pytest.approx(-np.tanh(swing / 0.1), abs=1e-6)


def test_a_rest_stays_on_its_branch():
    it = pack(cell(gap_V=0.03))
    run(it, 10.0, 600.0)
    before = it.cell_hysteresis
    run(it, 0.0, 7200.0, 60.0)
    np.testing.assert_array_equal(it.cell_hysteresis, before)


def test_a_cell_held_by_its_coolant_is_as_warm_as_its_heat_asks():
    """Constant heat q: surface q/g above the coolant, core q/G above the surface."""
    it = pack(cell(r0_ohm=5e-3, core_surface_W_per_K=2.0), coolant_W_per_K=4.0, temperature_degC=20.0)
    current_A = np.tile([40.0] * 10 + [-40.0] * 10, 250)
    it.run(current_A, 1.0, coolant_degC=20.0)
    heat_W = 40.0**2 * 5e-3
    assert it.cell_surface_degC[0, 0] == pytest.approx(20.0 + heat_W / 4.0, abs=1e-6)
    assert it.cell_core_degC[0, 0] == pytest.approx(20.0 + heat_W / 4.0 + heat_W / 2.0, abs=1e-6)


def conduction(cells, core_J, surface_J, inner, neighbour, ambient, coolant):
    """Matrix and input of the heat equations of a row, cores first."""
    a = np.zeros((2 * cells, 2 * cells))
    for k in range(cells):
        a[k, k], a[k, cells + k] = -inner / core_J, inner / core_J
        a[cells + k, k] = inner / surface_J
        sides = [j for j in (k - 1, k + 1) if 0 <= j < cells]
        a[cells + k, cells + k] = -(inner + ambient + coolant + neighbour * len(sides)) / surface_J
        for j in sides:
            a[cells + k, cells + j] = neighbour / surface_J
    return a


@pytest.mark.parametrize("step_s", STEPS_S)
def test_a_change_of_the_air_spreads_as_the_matrix_exponential_says(step_s):
    cells = 5
    it = pack(cell(core_surface_W_per_K=1.5), cells=cells, neighbour_W_per_K=0.7, ambient_W_per_K=0.3, coolant_W_per_K=0.2)
    it.set("cell_core_degC", 60.0, cell=1)
    start = np.concatenate([it.cell_core_degC[0], it.cell_surface_degC[0]])
    it.run(np.zeros(round(600 / step_s)), step_s, ambient_degC=0.0, coolant_degC=10.0)
    a = conduction(cells, 180.0, 20.0, 1.5, 0.7, 0.3, 0.2)
    drive = np.concatenate([np.zeros(cells), np.full(cells, (0.3 * 0.0 + 0.2 * 10.0) / 20.0)])
    steady = -np.linalg.solve(a, drive)
    expected = steady + expm(a * 600.0) @ (start - steady)
    got = np.concatenate([it.cell_core_degC[0], it.cell_surface_degC[0]])
    np.testing.assert_allclose(got, expected, rtol=0, atol=1e-3)


def test_reversible_heat_turns_with_the_current():
    """i T dU/dT: as much out while charging as in while discharging, on top of R i^2."""
    it = pack(cell(r0_ohm=1e-3, entropy_V_per_K=-2e-4, core_surface_W_per_K=1e4), coolant_W_per_K=1e4)
    warm, _ = run(it, -20.0, 1.0)
    cool, _ = run(it, 20.0, 1.0)
    assert warm["cell_heat_W"][0, 0] == pytest.approx(0.4 + 20.0 * 298.15 * 2e-4, rel=1e-4)
    assert cool["cell_heat_W"][0, 0] == pytest.approx(0.4 - 20.0 * 298.15 * 2e-4, rel=1e-4)


def test_parallel_cells_share_by_the_closed_form():
    """Without slopes of the OCV, I_m = I_total G_m / sum G, and the sum is exact."""
    it = pack(cell(r0_ohm=1e-3, slope_V=0.0), cells=2, parallel=4)
    factor = np.array([[[1.0, 2.0, 0.5, 4.0], [1.0, 1.0, 1.0, 1.0]]])
    it.cell_resistance_factor = factor
    it.step(-100.0)
    conductance = 1 / factor
    np.testing.assert_allclose(it.cell_current_A, -100.0 * conductance / conductance.sum(axis=2, keepdims=True), rtol=1e-12)
    assert np.abs(it.cell_current_A.sum(axis=2) + 100.0).max() < 1e-9


def test_two_parallel_cells_level_out_exponentially():
    """dU/d(soc) = m: the difference of SOC decays with the time constant 3600 Q R / m."""
    it = pack(cell(r0_ohm=5e-3, slope_V=0.5), parallel=2)
    it.cell_soc = [[[0.7, 0.3]]]
    it.run(np.zeros(600), 1.0)
    tau_s = 36000.0 * 5e-3 / 0.5
    soc = it.cell_soc[0, 0]
    assert soc[0] - soc[1] == pytest.approx(0.4 * np.exp(-600.0 / tau_s), abs=1e-7)
    assert soc.sum() == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize("step_s", STEPS_S)
def test_a_short_empties_its_cell_exponentially(step_s):
    """U = 3 V + m soc over R0 + R_short: U decays with 3600 Q (R0 + R_short) / m."""
    it = pack(cell(r0_ohm=5e-3, slope_V=0.5), cells=2)
    it.set("cell_internal_S", 1 / 0.5, cell=1)
    it.run(np.zeros(round(3600 / step_s)), step_s)
    tau_s = 36000.0 * (5e-3 + 0.5) / 0.5
    expected = (3.25 * np.exp(-3600.0 / tau_s) - 3.0) / 0.5
    assert it.cell_soc[0, 1] == pytest.approx(expected, abs=1e-6)
    assert it.cell_soc[0, 0] == 0.5


def test_a_bad_joint_drops_its_voltage_and_warms_the_surface():
    it = pack(cell(slope_V=0.0), cells=2)
    it.set("cell_joint_ohm", 2e-3, cell=1)
    voltage = it.step(-50.0, 10.0)
    assert voltage[0, 0] - voltage[0, 1] == pytest.approx(50.0 * 2e-3, abs=1e-12)
    extra_J = 180.0 * np.diff(it.cell_core_degC[0])[0] + 20.0 * np.diff(it.cell_surface_degC[0])[0]
    assert extra_J == pytest.approx(50.0**2 * 2e-3 * 10.0, rel=1e-9)


def test_beyond_full_and_empty_the_voltage_goes_on_with_its_slope_until_0_and_5_volt():
    it = pack(cell(slope_V=0.5))
    socs = np.array([-10.0, -1.0, -0.1, 1.1, 2.0, 10.0])
    expected = np.clip(3.0 + 0.5 * socs, 0.0, 5.0)
    np.testing.assert_allclose(it.cell.ocv_V(socs), expected, rtol=0, atol=1e-12)
    for soc, volt in zip(socs, expected):
        it.cell_soc = soc
        assert it.cell_ocv_V[0, 0] == pytest.approx(volt, abs=1e-12)
