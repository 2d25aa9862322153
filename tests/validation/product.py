"""The product on the same cell, the same pack and the same profile as the reference (reference.py)."""

import typing

import numpy as np

import packbench
from reference import Solution


def runaway_of(runaway):
    if runaway is None:
        return None
    reactions = [packbench.Reaction(f"reaction {k + 1}", *reaction) for k, reaction in enumerate(runaway.reactions)]
    return packbench.Runaway(reactions, runaway.collapse_degC, runaway.collapse_width_K, runaway.collapse_ohm)


def cell_of(cell):
    """A grid.Cell as a packbench.Cell."""
    table = lambda m: packbench.ResistanceTable(m.soc, m.temperature_degC, m.charge_ohm, m.discharge_ohm)
    return packbench.Cell(
        capacity_Ah=cell.capacity_Ah, ocv_V=tuple(cell.ocv_V), r0_ohm=table(cell.r0),
        pairs=[(table(pair.resistance), pair.tau_s) for pair in cell.pairs],
        hysteresis_V=None if cell.hysteresis_V is None else tuple(cell.hysteresis_V),
        entropy_V_per_K=None if cell.entropy_V_per_K is None else tuple(cell.entropy_V_per_K),
        rate=None if cell.rate is None else packbench.Rate(*cell.rate),
        activation_energy_J_per_mol=cell.activation_energy_J_per_mol, hysteresis_soc=cell.hysteresis_soc,
        coulomb_efficiency=cell.coulomb_efficiency, mass_kg=cell.mass_kg,
        specific_heat_J_per_kgK=cell.specific_heat_J_per_kgK, surface_share=cell.surface_share,
        core_surface_W_per_K=cell.core_surface_W_per_K, runaway=runaway_of(cell.runaway))


def pack_of(cell, setup, soc, degC):
    """A packbench.Pack with the conditions of a reference.PackSetup, at rest."""
    pack = packbench.Pack(
        cell_of(cell), cells=setup.cells, parallel=setup.parallel, soc=0.5, temperature_degC=25.0,
        bleed_ohm=setup.bleed_ohm, neighbour_W_per_K=setup.neighbour_W_per_K, ambient_W_per_K=setup.ambient_W_per_K,
        coolant_W_per_K=setup.coolant_W_per_K)
    shape = pack.cell_soc.shape
    as_cells = lambda value: np.broadcast_to(np.asarray(value, float), (setup.cells * setup.parallel,)).reshape(shape)
    pack.cell_soc, pack.cell_core_degC, pack.cell_surface_degC = as_cells(soc), as_cells(degC), as_cells(degC)
    if setup.capacity_Ah is not None:
        pack.cell_capacity_Ah = as_cells(setup.capacity_Ah)
    pack.cell_resistance_factor = as_cells(setup.resistance_factor)
    pack.cell_internal_S = as_cells(setup.internal_S)
    pack.cell_joint_ohm = as_cells(setup.joint_ohm)
    pack.cell_heater_W = as_cells(setup.heater_W)
    return pack


class Steps(typing.NamedTuple):
    current_A: np.ndarray
    dt_s: np.ndarray
    ambient_degC: np.ndarray
    coolant_degC: np.ndarray


def steps_of(segments, most_s):
    """The segments in equal steps of at most `most_s`."""
    rows = []
    for segment in segments:
        count = int(np.ceil(segment.duration_s / most_s - 1e-9))
        rows += [(segment.current_A, segment.duration_s / count, segment.ambient_degC, segment.coolant_degC)] * count
    return Steps(*np.array(rows).T)


RECORD = ["cell_voltage_V", "cell_current_A", "cell_soc", "cell_hysteresis", "cell_core_degC", "cell_surface_degC", "cell_heat_W"]


def trajectory(cell, setup, soc, degC, segments, most_s=1.0):
    """A reference.Solution by the product, at the end of every step. Bleed must be the same in all segments."""
    pack = pack_of(cell, setup, soc, degC)
    steps = steps_of(segments, most_s)
    pairs = [f"cell_rc{k + 1}_V" for k in range(len(cell.pairs))]
    trace = pack.run(steps.current_A, steps.dt_s, ambient_degC=steps.ambient_degC, coolant_degC=steps.coolant_degC,
                     bleed=segments[0].bleed, record=RECORD + pairs)
    flat = lambda name: trace[name].reshape(len(trace.time_s), -1)
    rc_V = np.stack([flat(name) for name in pairs], axis=1) if pairs else np.zeros((len(trace.time_s), 0, pack.cell_soc.size))
    heat_J = np.cumsum(flat("cell_heat_W") * steps.dt_s[:, None], axis=0)
    return Solution(trace.time_s, flat("cell_voltage_V"), flat("cell_current_A"), flat("cell_soc"), rc_V,
                    flat("cell_hysteresis"), flat("cell_core_degC"), flat("cell_surface_degC"), heat_J)
