"""The reference is worth its name: it agrees with itself at another tolerance, by another method, and with closed forms."""

import numpy as np
import pytest

import cases
import cells
import profiles
from grid import Cell, Curve, Map
from reference import PackSetup, ReferencePack, Segment

FLAT = Map(np.array([0.0, 1.0]), np.array([25.0]), np.full((2, 1), 1e-3), np.full((2, 1), 1e-3))


def test_a_hundred_times_the_tolerance_moves_no_voltage_by_a_tenth_of_a_microvolt():
    case = cases.fifteen_cells()
    case = case._replace(segments=case.segments[:40] + case.segments[-40:])
    loose, tight = cases.solve(case, rtol=1e-9), cases.solve(case)
    assert np.abs(loose.position_V - tight.position_V).max() < 1e-7
    assert np.abs(loose.core_degC - tight.core_degC).max() < 1e-5


def test_an_implicit_method_finds_the_same_solution():
    case = cases.one_cell()
    short = case._replace(segments=profiles.pulses(100.0, -10.0))
    explicit, implicit = cases.solve(short), cases.solve(short, rtol=1e-10, method="Radau")
    assert np.abs(explicit.position_V - implicit.position_V).max() < 1e-7
    assert np.abs(explicit.core_degC - implicit.core_degC).max() < 1e-6


def test_charge_is_the_integral_of_current():
    cell = Cell(10.0, Curve(np.array([0.0, 1.0]), np.array([3.0, 3.5])), FLAT)
    pack = ReferencePack(cell, PackSetup())
    end = pack.solve(pack.initial(0.5, 25.0), [Segment(3600.0, -2.0), Segment(1800.0, 4.0)]).soc[-1, 0]
    assert end == pytest.approx(0.5, abs=1e-12)


@pytest.mark.parametrize("degC", [10.0, 25.0, 40.0, 60.0])
def test_the_grid_meets_the_published_resistances(degC):
    total = cells.total_resistance(3.0)
    reference = ReferencePack(cells.lfp(3.0, r0=total), PackSetup(cells=len(total.soc)))
    column = list(total.temperature_degC).index(degC)
    for charging, published in ((True, total.charge_ohm), (False, total.discharge_ohm)):
        point = reference.grid.at(total.soc, np.full(len(total.soc), degC), np.full(len(total.soc), charging))
        np.testing.assert_allclose(point.r0_ohm, published[:, column], rtol=1e-12)
