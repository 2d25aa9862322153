"""The tables of one cell on the documented grid (models/cell.h), written a second time, from the documentation alone.

SOC 0, 0.005 .. 1 and -40, -35 .. 100 degC, piecewise linear in both directions. Resistance between and beyond its
measured temperatures: ln R linear in 1/T.
"""

import dataclasses
import typing

import numpy as np

GAS_CONSTANT = 8.31446261815324
SOC = np.linspace(0.0, 1.0, 201)
DEGC = np.arange(-40.0, 100.1, 5.0)


class Curve(typing.NamedTuple):
    """value over soc."""

    soc: np.ndarray
    value: np.ndarray


class Map(typing.NamedTuple):
    """A resistance: charge_ohm[i, j] and discharge_ohm[i, j] at soc[i] and temperature_degC[j]."""

    soc: np.ndarray
    temperature_degC: np.ndarray
    charge_ohm: np.ndarray
    discharge_ohm: np.ndarray


class Pair(typing.NamedTuple):
    resistance: Map
    tau_s: float


class Rate(typing.NamedTuple):
    """value[i, j] at soc[i] and temperature_degC[j]: how much faster all pairs relax."""

    soc: np.ndarray
    temperature_degC: np.ndarray
    value: np.ndarray


class Reaction(typing.NamedTuple):
    """d(alpha)/dt = frequency exp(-activation/RT) (1 - alpha) (seed + (1 - seed) alpha) exp(-inhibition alpha)."""

    heat_J_per_kg: float
    frequency_per_s: float
    activation_J_per_mol: float
    seed: float = 1.0
    inhibition: float = 0.0


class Runaway(typing.NamedTuple):
    """The separator's conductance rises from collapse_degC over the width to 1/collapse_ohm."""

    reactions: typing.Sequence[Reaction]
    collapse_degC: float = 150.0
    collapse_width_K: float = 10.0
    collapse_ohm: float = 0.02


@dataclasses.dataclass(frozen=True)
class Cell:
    """What one cell is; names as in models/cell.h."""

    capacity_Ah: float
    ocv_V: Curve
    r0: Map
    pairs: typing.Sequence[Pair] = ()
    hysteresis_V: typing.Optional[Curve] = None
    entropy_V_per_K: typing.Optional[Curve] = None
    rate: typing.Optional[Rate] = None
    activation_energy_J_per_mol: typing.Optional[float] = None
    hysteresis_soc: float = 0.03
    coulomb_efficiency: float = 1.0
    mass_kg: float = 1.95
    specific_heat_J_per_kgK: float = 1001.0
    surface_share: float = 0.1
    core_surface_W_per_K: float = 5.0
    runaway: typing.Optional[Runaway] = None


def over_temperature(log_value, degC, activation_energy):
    """ln R at DEGC from ln R at the measured temperatures `degC`, all linear in 1/T. Shape (soc, temperatures)."""
    x, at = 1.0 / (np.asarray(degC) + 273.15), 1.0 / (DEGC + 273.15)
    rows = log_value.shape[0]
    if len(degC) == 1:
        slope = (activation_energy or 0.0) / GAS_CONSTANT
        return log_value + slope * (at - x[0])[None, :]
    out = np.empty((rows, len(DEGC)))
    for i in range(rows):
        for j, place in enumerate(at):
            interval = min(max(np.searchsorted(-x, -place, side="right") - 1, 0), len(x) - 2)
            slope = (log_value[i, interval + 1] - log_value[i, interval]) / (x[interval + 1] - x[interval])
            origin = interval
            if activation_energy is not None and (place > x[0] or place < x[-1]):
                slope = activation_energy / GAS_CONSTANT
                origin = 0 if place > x[0] else len(x) - 1
            out[i, j] = log_value[i, origin] + slope * (place - x[origin])
    return out


def resistance_grid(soc, ohm, degC, activation_energy):
    """Linear over SOC in each measured column, then Arrhenius over temperature. Shape (201, 29)."""
    columns = np.stack([np.interp(SOC, soc, column) for column in np.asarray(ohm).T], axis=1)
    return np.exp(over_temperature(np.log(columns), degC, activation_energy))


def curve_grid(curve):
    return np.zeros_like(SOC) if curve is None else np.interp(SOC, curve.soc, curve.value)


def rate_grid(rate):
    """Linear over SOC and over temperature, held at the ends. Shape (201, 29)."""
    if rate is None:
        return np.ones((len(SOC), len(DEGC)))
    columns = np.stack([np.interp(SOC, rate.soc, column) for column in np.asarray(rate.value).T], axis=1)
    return np.stack([np.interp(DEGC, rate.temperature_degC, row) for row in columns])


class Point(typing.NamedTuple):
    """What the tables say at one place; arrays over cells, `pair_ohm` of shape (pairs, cells)."""

    ocv_V: np.ndarray
    gap_V: np.ndarray
    entropy_V_per_K: np.ndarray
    r0_ohm: np.ndarray
    pair_ohm: np.ndarray
    rate: np.ndarray


class Grid:
    """Lookup by cell: at(soc, degC, charging) with arrays over cells."""

    def __init__(self, cell):
        self.cell = cell
        self.curves = np.stack([curve_grid(cell.ocv_V), curve_grid(cell.hysteresis_V), curve_grid(cell.entropy_V_per_K)])
        maps = [cell.r0] + [pair.resistance for pair in cell.pairs]
        rate = rate_grid(cell.rate)
        self.surfaces = np.stack([
            np.stack([resistance_grid(m.soc, ohm, m.temperature_degC, cell.activation_energy_J_per_mol)
                      for m, ohm in zip(maps, side)] + [rate])
            for side in ([m.discharge_ohm for m in maps], [m.charge_ohm for m in maps])])

    def at(self, soc, degC, charging):
        steps = soc * 200.0
        row = np.clip(np.floor(steps), 0, 199).astype(int)
        open_end = steps - row
        held = np.clip(open_end, 0.0, 1.0)
        low, high = self.curves[:, row], self.curves[:, row + 1]
        ocv = low[0] + open_end * (high[0] - low[0])
        gap, entropy = (low + held * (high - low))[1:]
        place = (degC + 40.0) / 5.0
        column = np.clip(np.floor(place), 0, len(DEGC) - 2).astype(int)
        across = np.clip(place - column, 0.0, 1.0)
        side = np.asarray(charging).astype(int)
        table = self.surfaces
        cold = table[side, :, row, column] * (1 - held)[:, None] + table[side, :, row + 1, column] * held[:, None]
        warm = table[side, :, row, column + 1] * (1 - held)[:, None] + table[side, :, row + 1, column + 1] * held[:, None]
        surface = (cold + across[:, None] * (warm - cold)).T
        ocv = np.clip(ocv + (degC - 25.0) * entropy, 0.0, 5.0)
        return Point(ocv, gap, entropy, surface[0], surface[1:-1], surface[-1])
