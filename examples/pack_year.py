"""A year of one pack at steps of 1 s: a day of use, 365 times.

    ./bench python examples/pack_year.py
"""

import argparse
import time

import numpy

import packbench


def a_day(capacity_Ah):
    """Current and air for each second: two hours of use, morning and evening, and a night's charge. Ends as it began."""
    second = numpy.arange(86400)
    hour = second / 3600.0
    current_A = numpy.zeros(86400)
    for start in (7.0, 17.0):
        current_A[(hour >= start) & (hour < start + 1)] = -0.25 * capacity_Ah
    current_A[(hour >= 22.0)] = 0.25 * capacity_Ah
    return current_A, 15.0 - 8.0 * numpy.cos(2 * numpy.pi * (hour - 3.0) / 24.0)


def simulate(days):
    """The pack after these days, an hourly trace, and seconds of real time."""
    pack = packbench.Pack("lfp-15s-100ah", soc=0.8)
    current_A, ambient_degC = a_day(100.0)
    start = time.perf_counter()
    trace = pack.run(current_A, 1.0, ambient_degC=ambient_degC, repeat=days, every=3600,
                     record=["pack_soc", "cell_core_degC", "pack_voltage_V"])
    return pack, trace, time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--days", type=int, default=365)
    options = parser.parse_args()
    pack, trace, wall_s = simulate(options.days)
    steps = options.days * 86400
    print(f"{options.days} days of {pack.cells} cells at 1 s steps: {wall_s:.1f} s, {1e9 * wall_s / steps:.0f} ns a step")
    print(f"core temperature {trace['cell_core_degC'].min():.1f} to {trace['cell_core_degC'].max():.1f} degC, "
          f"SOC {trace['pack_soc'].min():.2f} to {trace['pack_soc'].max():.2f}, at the end {trace['pack_soc'][-1, 0]:.4f}")


if __name__ == "__main__":
    main()
