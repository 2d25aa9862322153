"""How far do cells of one lot drift apart? Many packs, each with its own spread, through the same hour.

    ./bench python examples/monte_carlo.py --packs 10000 --threads 4
"""

import argparse
import os
import time

import numpy

import packbench


def an_hour(capacity_Ah):
    """Drive, rest, charge: current in A for each second."""
    second = numpy.arange(3600)
    drive = -0.4 * capacity_Ah * (1 + numpy.sin(second / 7.0)) * (second < 1800)
    charge = 0.5 * capacity_Ah * (second >= 2400)
    return drive + charge


def simulate(packs, threads):
    """The batch after the hour, and seconds of real time."""
    pack = packbench.Pack("lfp-15s-100ah", packs=packs, soc=0.6, seed=1)
    current_A = an_hour(100.0)
    start = time.perf_counter()
    pack.run(current_A, 1.0, record=[], threads=threads)
    return pack, time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--packs", type=int, default=1000)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    options = parser.parse_args()
    pack, wall_s = simulate(options.packs, options.threads)
    cell_steps = options.packs * pack.cells * 3600
    spread_mV = 1000 * numpy.ptp(pack.cell_voltage_V, axis=1)
    print(f"{options.packs} packs of {pack.cells} cells, 1 h at 1 s steps, {options.threads} threads: {wall_s:.2f} s, "
          f"{cell_steps / wall_s / 1e6:.0f} million cell-steps per second")
    print(f"largest difference of cell voltages in a pack while charging: median {numpy.median(spread_mV):.1f} mV, "
          f"99 of 100 packs below {numpy.percentile(spread_mV, 99):.1f} mV")
    print(f"pack SOC {pack.pack_soc.mean():.4f} +- {pack.pack_soc.std():.4f}")


if __name__ == "__main__":
    main()
