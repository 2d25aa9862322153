"""Cells of constants, for which there are closed forms."""

import packbench

SOC = [0.0, 1.0]


def cell(r0_ohm=1e-3, pairs=(), slope_V=0.5, gap_V=0.0, entropy_V_per_K=0.0, **more):
    """10 Ah; OCV 3.0 V + slope_V * soc."""
    return packbench.Cell(capacity_Ah=10.0, ocv_V=(SOC, [3.0, 3.0 + slope_V]), r0_ohm=r0_ohm, pairs=pairs,
                          hysteresis_V=(SOC, [gap_V, gap_V]), entropy_V_per_K=(SOC, [entropy_V_per_K] * 2),
                          mass_kg=0.2, specific_heat_J_per_kgK=1000.0, **more)


def pack(cell, cells=1, **more):
    """In still vacuum, unless `more` says otherwise."""
    settings = dict(neighbour_W_per_K=0.0, ambient_W_per_K=0.0, coolant_W_per_K=0.0)
    settings.update(more)
    return packbench.Pack(cell, cells=cells, **settings)
