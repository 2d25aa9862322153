"""A step's error falls with the square of its length."""

import numpy as np

import cases
import product
from residuals import residual


def orders(make, quantity):
    """Slope of the error over the step, in powers, from 0.8 s to 0.1 s."""
    case = make()
    solution = cases.solve(case)
    steps_s = np.array([0.8, 0.4, 0.2, 0.1])
    errors = [getattr(residual(solution, product.trajectory(*case, most_s=step)), quantity) for step in steps_s]
    return np.polyfit(np.log(steps_s), np.log(errors), 1)[0], errors


def test_voltage_converges_with_the_second_order():
    slope, errors = orders(cases.minutes, "voltage_V")
    assert 1.7 < slope < 2.4, errors


def test_temperature_converges_with_the_second_order():
    slope, errors = orders(cases.knee, "core_K")
    assert 1.7 < slope < 2.4, errors
