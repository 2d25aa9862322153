"""The measured Leaf cell (tests/data/leaf_cell_hppc), read here on its own."""

import typing

import numpy as np

import packbench
from cells import ROOT

FILES = {10: "cell-low-current-hppc-10c.csv", 25: "cell-low-current-hppc-25c-2.csv", 40: "cell-low-current-hppc-40c-1.csv"}
# Mass, specific heat, surface and film of the source; 25 degC chamber. No temperature was measured.
HEAT = dict(mass_kg=0.799, specific_heat_J_per_kgK=1600.0, core_surface_W_per_K=40.0)
COOLING_W_PER_K = 9.5 * 0.067569


class Log(typing.NamedTuple):
    time_s: np.ndarray
    current_A: np.ndarray  # negative discharges, as ours
    voltage_V: np.ndarray


def log(name):
    rows = [line.split(",") for line in (ROOT / "tests/data/leaf_cell_hppc" / name).read_text().splitlines()]
    return Log(*np.array([[float(row[1]), float(row[8]), float(row[9])] for row in rows if row[0] != "Exclude"]).T)


def hppc(degC):
    return packbench.Record(*log(FILES[degC]), temperature_degC=float(degC), name=FILES[degC])


def discharges(rate):
    """The parts of the file in which the full cell is discharged without a stop; more than 20 Ah each."""
    whole = log(f"cell-discharge-bitrode-{rate}c.csv")
    falling = whole.current_A < -0.8 * 30.6 * rate
    edges = np.flatnonzero(np.diff(np.concatenate([[0], falling.astype(int), [0]])))
    parts = [Log(*(column[a:b] for column in whole)) for a, b in zip(edges[::2], edges[1::2])]
    return [part for part in parts if counted_Ah(part) > 20]


def intervals_s(part):
    steps = np.diff(part.time_s)
    return np.concatenate([steps[:1], steps])


def counted_Ah(part):
    return -(part.current_A * intervals_s(part)).sum() / 3600
