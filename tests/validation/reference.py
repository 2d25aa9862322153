"""An independent solution of the pack's equations (models/cell.h, models/pack.h) by SciPy's DOP853.

A cell that can run away decomposes as models/reactions.h says; its separator's conductance follows the present core
temperature, so that a solution is valid until the core's peak. Nothing of packbench is used: tables come through grid.py. The solution restarts wherever the current, the
surroundings or a bleed resistor changes, so that the right-hand side has only the kinks of the tables in between,
which the step control of the solver finds.
"""

import dataclasses
import typing

import numpy as np
from scipy.integrate import solve_ivp

from grid import GAS_CONSTANT, Grid

KELVIN = 273.15


@dataclasses.dataclass
class PackSetup:
    """A pack as in models/pack.h. Arrays over the cells, member by member of position by position."""

    cells: int = 1
    parallel: int = 1
    capacity_Ah: typing.Any = None
    resistance_factor: typing.Any = 1.0
    internal_S: typing.Any = 0.0
    joint_ohm: typing.Any = 0.0
    heater_W: typing.Any = 0.0
    bleed_ohm: float = 34.0
    neighbour_W_per_K: float = 0.0
    ambient_W_per_K: float = 0.0
    coolant_W_per_K: float = 0.0


class Segment(typing.NamedTuple):
    """A held current (A, positive charges) with surroundings; bleed is a flag for each position or None."""

    duration_s: float
    current_A: float
    ambient_degC: float = 25.0
    coolant_degC: float = 25.0
    bleed: typing.Any = None


class Solution(typing.NamedTuple):
    """Samples at the end of each second (or of each `every_s`), shape (samples, cells of the batch or positions)."""

    time_s: np.ndarray
    position_V: np.ndarray
    current_A: np.ndarray  # of each cell, at its terminals
    soc: np.ndarray
    rc_V: np.ndarray  # (samples, pairs, cells)
    hysteresis: np.ndarray
    core_degC: np.ndarray
    surface_degC: np.ndarray
    heat_J: np.ndarray  # generated since the start


class ReferencePack:
    def __init__(self, cell, setup):
        self.cell, self.setup, self.grid = cell, setup, Grid(cell)
        self.count = setup.cells * setup.parallel
        self.pairs = len(cell.pairs)
        self.tau_s = np.array([pair.tau_s for pair in cell.pairs])[:, None]
        as_cells = lambda value: np.broadcast_to(np.asarray(value, float), (self.count,))
        self.capacity_Ah = as_cells(cell.capacity_Ah if setup.capacity_Ah is None else setup.capacity_Ah)
        self.factor, self.internal_S = as_cells(setup.resistance_factor), as_cells(setup.internal_S)
        self.joint_ohm, self.heater_W = as_cells(setup.joint_ohm), as_cells(setup.heater_W)
        heat_capacity = cell.mass_kg * cell.specific_heat_J_per_kgK
        self.surface_J_per_K = cell.surface_share * heat_capacity
        self.core_J_per_K = heat_capacity - self.surface_J_per_K
        self.reactions = cell.runaway.reactions if cell.runaway else ()

    # y: rows soc, rc (pairs), hysteresis, core, surface, heat, conversions (reactions); columns cells
    def initial(self, soc, degC):
        y = np.zeros((self.pairs + 5 + len(self.reactions), self.count))
        y[0], y[self.pairs + 2], y[self.pairs + 3] = soc, degC, degC
        return y

    def circuit(self, y, segment):
        """Electrode current, terminal current and electrode voltage of each cell; voltage of each position; tables."""
        n = self.pairs
        point = self.grid.at(y[0], y[n + 2], np.full(self.count, segment.current_A > 0.0))
        point = point._replace(ocv_V=point.ocv_V * self.ocv_share(y))
        emf = point.ocv_V + 0.5 * y[n + 1] * point.gap_V + y[1:n + 1].sum(axis=0)
        r0 = point.r0_ohm * self.factor
        # electrodes: V = emf + r0 (I - V g)  ->  V = (emf + r0 I) / (1 + r0 g)
        internal_S = self.internal_S + self.collapse_S(y[n + 2])
        leak_S = internal_S + np.repeat(self.bleed_S(segment), self.setup.parallel) / self.setup.parallel
        divider = 1.0 + r0 * leak_S
        source_V, source_ohm = emf / divider, r0 / divider + self.joint_ohm
        groups = (self.setup.cells, self.setup.parallel)
        inverse = 1.0 / source_ohm
        position_V = (segment.current_A + (source_V * inverse).reshape(groups).sum(axis=1)) / inverse.reshape(
            groups).sum(axis=1)
        terminal_A = (np.repeat(position_V, self.setup.parallel) - source_V) * inverse
        electrode_V = (emf + r0 * terminal_A) / divider
        electrode_A = terminal_A - electrode_V * leak_S
        return electrode_A, terminal_A, electrode_V, position_V, point, internal_S

    def bleed_S(self, segment):
        """Of each position; its members share it evenly."""
        on = np.zeros(self.setup.cells) if segment.bleed is None else np.asarray(segment.bleed, float)
        return on / self.setup.bleed_ohm

    def conversion_rates(self, y):
        """d(alpha)/dt of each reaction, shape (reactions, cells)."""
        kelvin = y[self.pairs + 2] + KELVIN
        rates = np.zeros((len(self.reactions), self.count))
        for k, r in enumerate(self.reactions):
            alpha = y[self.pairs + 5 + k]
            rates[k] = (r.frequency_per_s * np.exp(-r.activation_J_per_mol / (GAS_CONSTANT * kelvin)) * (1 - alpha)
                        * (r.seed + (1 - r.seed) * alpha) * np.exp(-r.inhibition * alpha))
        return rates

    def ocv_share(self, y):
        """1 - beta: what decomposition, weighted by heat, has left."""
        if not self.reactions:
            return 1.0
        heats = np.array([r.heat_J_per_kg for r in self.reactions])
        return 1.0 - heats @ y[self.pairs + 5:] / heats.sum()

    def collapse_S(self, core_degC):
        runaway = self.cell.runaway
        if runaway is None or runaway.collapse_ohm == 0:
            return np.zeros(self.count)
        return np.clip((core_degC - runaway.collapse_degC) / runaway.collapse_width_K, 0.0, 1.0) / runaway.collapse_ohm

    def derivative(self, y, segment):
        n, setup = self.pairs, self.setup
        i, terminal_A, electrode_V, _, point, internal_S = self.circuit(y, segment)
        rc_V, h, core, surface = y[1:n + 1], y[n + 1], y[n + 2], y[n + 3]
        charging = i > 0.0
        eta = np.where(charging, self.cell.coulomb_efficiency, 1.0)
        size = np.abs(i)
        r0, pair_ohm = point.r0_ohm * self.factor, point.pair_ohm * self.factor
        out = np.empty_like(y)
        out[0] = eta * i / (3600.0 * self.capacity_Ah)
        out[1:n + 1] = (pair_ohm * i - rc_V) * point.rate / self.tau_s
        out[n + 1] = (i - size * h) / (3600.0 * self.capacity_Ah * self.cell.hysteresis_soc)
        heat = (r0 * i**2 + (rc_V**2 / pair_ohm).sum(axis=0) + 0.5 * size * point.gap_V * h**2
                + (1.0 - eta) * i * point.ocv_V + eta * i * (core + KELVIN) * point.entropy_V_per_K
                + electrode_V**2 * internal_S)
        rates = self.conversion_rates(y)
        for reaction, rate in zip(self.reactions, rates):
            heat = heat + reaction.heat_J_per_kg * self.cell.mass_kg * rate
        out[n + 5:] = rates
        outside = self.joint_ohm * terminal_A**2 + self.heater_W
        between = self.cell.core_surface_W_per_K * (core - surface)
        flow = (between + setup.ambient_W_per_K * (segment.ambient_degC - surface)
                + setup.coolant_W_per_K * (segment.coolant_degC - surface))
        step = setup.neighbour_W_per_K * np.diff(surface)
        flow[:-1] += step
        flow[1:] -= step
        out[n + 2] = (heat - between) / self.core_J_per_K
        out[n + 3] = (outside + flow) / self.surface_J_per_K
        out[n + 4] = heat
        return out

    def solve(self, y, segments, every_s=1.0, rtol=1e-11, method="DOP853"):
        """Samples at the end of every `every_s` within each segment and at its end."""
        time, rows, now, shape = [], [], 0.0, y.shape
        atol = np.broadcast_to(np.array([1e-12] + [1e-11] * self.pairs + [1e-10, 1e-9, 1e-9, 1e-5] + [1e-12] * len(self.reactions))[:, None], shape)
        for segment in segments:
            samples = np.unique(np.append(np.arange(every_s, segment.duration_s, every_s), segment.duration_s))
            answer = solve_ivp(lambda _, flat: self.derivative(flat.reshape(shape), segment).ravel(),
                               (0.0, segment.duration_s), y.ravel(), method=method, t_eval=samples, rtol=rtol,
                               atol=atol.ravel())
            if not answer.success:
                raise RuntimeError(answer.message)
            for t, flat in zip(answer.t, answer.y.T):
                time.append(now + t)
                rows.append((flat.reshape(shape), segment))
            now, y = now + segment.duration_s, answer.y[:, -1].reshape(shape)
        return self.sampled(np.array(time), rows)

    def sampled(self, time, rows):
        n = self.pairs
        states = np.stack([y for y, _ in rows])
        circuits = [self.circuit(y, segment) for y, segment in rows]
        return Solution(time, np.stack([c[3] for c in circuits]), np.stack([c[1] for c in circuits]), states[:, 0],
                        states[:, 1:n + 1], states[:, n + 1], states[:, n + 2], states[:, n + 3], states[:, n + 4])
