"""Largest differences between the product and the reference, of every case and step: a table on standard output.

./bench python tests/validation/residuals.py
"""

import typing

import numpy as np

import cases
import product

STEPS_S = (0.1, 1.0, 10.0, 60.0)


class Residual(typing.NamedTuple):
    voltage_V: float
    current_A: float  # of members of a group
    soc: float
    core_K: float
    surface_K: float
    heat: float  # relative to all heat made so far, at the end


def residual(expected, got):
    """At the times that both have, which are at least the ends of all segments."""
    places = np.searchsorted(expected.time_s, got.time_s - 1e-6)
    places = np.minimum(places, len(expected.time_s) - 1)
    both = np.abs(expected.time_s[places] - got.time_s) < 1e-6
    places = places[both]
    worst = lambda name: np.abs(getattr(expected, name)[places] - getattr(got, name)[both]).max()
    heat = np.abs(expected.heat_J[-1] - got.heat_J[-1]).max() / np.abs(expected.heat_J[-1]).max()
    return Residual(worst("position_V"), worst("current_A"), worst("soc"), worst("core_degC"), worst("surface_degC"), heat)


def main():
    print(f"{'case':26} {'step s':>7} {'V uV':>9} {'I A':>9} {'SOC':>9} {'core K':>9} {'surface K':>9} {'heat':>9}")
    for make in cases.CASES:
        case = make()
        expected = cases.solve(case)
        for step_s in STEPS_S:
            r = residual(expected, product.trajectory(*case, most_s=step_s))
            print(f"{make.__name__:26} {step_s:7g} {r.voltage_V * 1e6:9.3f} {r.current_A:9.1e} {r.soc:9.1e} "
                  f"{r.core_K:9.1e} {r.surface_K:9.1e} {r.heat:9.1e}", flush=True)


if __name__ == "__main__":
    main()
