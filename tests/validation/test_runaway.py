"""A cell that is heated until it runs away follows the reference: the same onset, the same peak."""

import dataclasses

import numpy as np
import pytest

import cells
import product
from grid import Reaction, Runaway
from reference import PackSetup, ReferencePack, Segment

# SEI, anode and cathode of an LFP cell, as order of magnitude: what counts here is that both solve the same equations.
REACTIONS = [Reaction(9120.0, 1.667e15, 135080.0), Reaction(304e3, 9.2e12, 135080.0, 1.0, 22.7),
             Reaction(88e3, 2e8, 103000.0, 0.04)]


def heated(**runaway):
    """Twenty minutes at 800 W in still air."""
    cell = dataclasses.replace(cells.lfp(), runaway=Runaway(REACTIONS, **runaway))
    return cell, PackSetup(ambient_W_per_K=0.3, heater_W=800.0), [Segment(1200.0, 0.0)]


def both(cell, setup, segments):
    pack = ReferencePack(cell, setup)
    expected = pack.solve(pack.initial(0.9, 25.0), segments, rtol=1e-9, method="LSODA")
    return expected, product.trajectory(cell, setup, 0.9, 25.0, segments)


def passes(solution, degC):
    """When the core first passes this temperature."""
    core = solution.core_degC[:, 0]
    k = int(np.argmax(core >= degC))
    assert core[k] >= degC > core[k - 1], f"never passes {degC} degC"
    return np.interp(degC, core[k - 1:k + 1], solution.time_s[k - 1:k + 1])


@pytest.mark.parametrize("degC", [100.0, 150.0, 200.0, 250.0])
@pytest.mark.parametrize("runaway", [dict(collapse_ohm=0.0), dict(collapse_ohm=0.02)], ids=["chemistry", "with a short"])
def test_the_core_passes_each_temperature_at_the_same_time(runaway, degC):
    expected, got = both(*heated(**runaway))
    assert passes(got, degC) == pytest.approx(passes(expected, degC), rel=1e-3)


def test_the_peak_and_the_heat_are_the_same():
    expected, got = both(*heated(collapse_ohm=0.0))
    assert got.core_degC.max() == pytest.approx(expected.core_degC.max(), abs=0.2)
    assert got.heat_J[-1, 0] == pytest.approx(expected.heat_J[-1, 0], rel=1e-4)
