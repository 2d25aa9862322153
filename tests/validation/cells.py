"""The measured Sony/Murata LFP cell, read from its published tables by this file alone, and the shape it is tested in."""

import csv
import os
import pathlib

import numpy as np

from grid import Cell, Curve, Map, Pair, Rate

ROOT = pathlib.Path(os.environ.get("PACKBENCH_SOURCE", pathlib.Path(__file__).resolve().parents[2]))
SONY = ROOT / "scenarios" / "cells" / "lfp_sony26650"


def columns(path):
    with open(path, newline="") as file:
        rows = list(csv.reader(file))
    return rows[0], np.array([[float(field) if field else np.nan for field in row] for row in rows[1:] if row])


def curve(name):
    _, table = columns(SONY / f"CLFP_Sony_US26650_{name}.csv")
    return Curve(table[:, 0], table[:, 1])


def total_resistance(capacity_Ah):
    """Measured on 3 Ah; a larger cell is that many in parallel."""
    header, table = columns(SONY / "CLFP_Sony_US26650_Rint.csv")
    scale = 3.0 / capacity_Ah
    pick = lambda kind: [i for i, name in enumerate(header) if name.startswith(kind + "(")]
    degC = np.array([float(header[i].split("=")[1].rstrip(")")) for i in pick("R_Ch")])
    return Map(table[:, 0], degC, table[:, pick("R_Ch")] * scale, table[:, pick("R_DCh")] * scale)


def share(total, part):
    return Map(total.soc, total.temperature_degC, total.charge_ohm * part, total.discharge_ohm * part)


def lfp(capacity_Ah=100.0, taus_s=(5.0, 300.0), **changes):
    """The cell with everything in it: hysteresis, entropy, losses of charge, pairs that are slower in the cold."""
    total = total_resistance(capacity_Ah)
    settings = dict(
        capacity_Ah=capacity_Ah, ocv_V=curve("OCV"), hysteresis_V=curve("HystV"), entropy_V_per_K=curve("entropy"),
        r0=share(total, 0.6), pairs=[Pair(share(total, 0.4 / len(taus_s)), tau) for tau in taus_s],
        rate=Rate(np.array([0.0, 0.2, 1.0]), np.array([-20.0, 0.0, 25.0, 60.0]),
                  np.array([[0.2, 0.4, 0.8, 1.5], [0.3, 0.6, 1.0, 2.0], [0.25, 0.5, 1.0, 2.0]])),
        coulomb_efficiency=0.998)
    settings.update(changes)
    return Cell(**settings)
