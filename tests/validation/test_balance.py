"""What goes in at the terminals is stored or becomes heat; no charge and no heat is lost between cells."""

import numpy as np
import pytest

from simple_cells import cell, pack

PROFILE_A = np.repeat([-20.0, 0.0, 15.0, -40.0, 5.0, 0.0, 30.0], 60)
SWING = 0.04
GAP_V = 0.03
PAIRS = ((2e-3, 30.0), (3e-3, 120.0))


def lossy(**more):
    return pack(cell(pairs=PAIRS, gap_V=GAP_V, hysteresis_soc=SWING), cells=3, **more)


def stored_J(it):
    """OCV's integral, C v^2/2 of the pairs with C = tau/R, and 3600 Q s M h^2/4 of the hysteresis, of all cells."""
    charge = 36000.0 * (3.0 * it.cell_soc + 0.25 * it.cell_soc**2)
    pairs = sum(tau / ohm * it.get(f"cell_rc{k + 1}_V") ** 2 / 2 for k, (ohm, tau) in enumerate(PAIRS))
    branch = 36000.0 * SWING * GAP_V * it.cell_hysteresis**2 / 4
    return (charge + pairs + branch).sum()


def terminal_J(it, current_A, step_s):
    """Steps the pack and integrates V I, V being smooth within a step: Simpson's rule over a half-way copy."""
    start, middle = it.copy(), it.copy()
    first = start.step(current_A, step_s * 1e-9)
    half = middle.step(current_A, step_s / 2)
    last = it.step(current_A, step_s)
    return (first + 4 * half + last).sum() / 6 * current_A * step_s


@pytest.mark.parametrize("step_s", [1.0, 5.0])
def test_energy_in_is_energy_stored_and_heat(step_s):
    it = lossy()
    before, source_J, heat_J = stored_J(it), 0.0, 0.0
    for current_A in PROFILE_A[:: round(step_s)]:
        source_J += terminal_J(it, current_A, step_s)
        heat_J += it.cell_heat_W.sum() * step_s
    missing = source_J - (stored_J(it) - before) - heat_J
    assert abs(missing) < 2e-5 * heat_J, f"{missing:.3g} J of {heat_J:.3g} J heat"


def test_heat_is_kept_by_an_adiabatic_pack():
    it = lossy(neighbour_W_per_K=0.7)
    it.set("cell_internal_S", 0.5, cell=1)
    it.set("cell_heater_W", 3.0, cell=2)
    it.set("cell_joint_ohm", 1e-3, cell=0)
    trace = it.run(PROFILE_A, 1.0, record=["cell_heat_W"])
    made_J = trace["cell_heat_W"].sum() + 3.0 * len(PROFILE_A) + 1e-3 * (PROFILE_A**2).sum()
    kept_J = (180.0 * (it.cell_core_degC - 25.0) + 20.0 * (it.cell_surface_degC - 25.0)).sum()
    assert kept_J == pytest.approx(made_J, rel=1e-10)


def test_irreversible_heat_is_never_negative():
    it = lossy()
    trace = it.run(PROFILE_A, 1.0, record=["cell_heat_W"])
    assert trace["cell_heat_W"].min() >= 0.0


def test_charge_in_is_charge_stored():
    it = pack(cell(coulomb_efficiency=0.99), cells=2, parallel=3)
    it.cell_resistance_factor = [[[1.0, 1.5, 0.7], [1.0, 1.0, 2.0]]]
    before = it.cell_soc.sum(axis=2)
    it.run(PROFILE_A, 1.0)
    into_Ah = np.where(PROFILE_A > 0, 0.99 * PROFILE_A, PROFILE_A).sum() / 3600
    moved_Ah = (it.cell_soc.sum(axis=2) - before) * 10.0
    # without current the members of a group charge each other, at 99 %: at most the charge that they exchange
    np.testing.assert_allclose(moved_Ah, into_Ah, rtol=0, atol=0.01 * 0.05)


def test_what_a_short_takes_is_missing_and_nothing_else():
    it = pack(cell(), cells=2)
    it.set("cell_internal_S", 2.0, cell=0)
    trace = it.run(PROFILE_A, 1.0, record=["cell_voltage_V", "cell_soc"])
    moved_Ah = (it.cell_soc[0] - 0.5) * 10.0
    assert moved_Ah[1] == pytest.approx(PROFILE_A.sum() / 3600, abs=1e-12)
    taken_Ah = 2.0 * trace["cell_voltage_V"][:, 0, 0].sum() / 3600
    # samples at the ends of seconds miss half of what the voltage loses in all: 2e-5 of it
    assert moved_Ah[1] - moved_Ah[0] == pytest.approx(taken_Ah, rel=3e-5)
