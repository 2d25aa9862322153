"""What is compared with the reference: cells, packs, conditions and profiles."""

import typing

import numpy as np

import cells
import profiles
from reference import PackSetup, ReferencePack, Segment


class Case(typing.NamedTuple):
    cell: typing.Any
    setup: PackSetup
    soc: typing.Any
    degC: float
    segments: typing.Sequence[Segment]


def one_cell():
    setup = PackSetup(ambient_W_per_K=0.3, coolant_W_per_K=8.0)
    return Case(cells.lfp(), setup, 0.5, -5.0, profiles.mixed(100.0))


def one_cell_with_three_pairs():
    setup = PackSetup(ambient_W_per_K=0.3, coolant_W_per_K=8.0)
    return Case(cells.lfp(taus_s=(2.0, 40.0, 900.0)), setup, 0.7, 0.0, profiles.mixed(100.0, drive_s=60))


def spread(count):
    """Capacities and resistances as a production lot has them, the same in every run."""
    random = np.random.default_rng(20)
    return dict(capacity_Ah=100.0 * (1 + 0.01 * random.standard_normal(count)),
                resistance_factor=1 + 0.05 * random.standard_normal(count))


def fifteen_cells():
    """With an internal short of 2 ohm in the fourth cell, a bad joint at the eighth, a heated and two bled cells."""
    k = np.arange(15)
    setup = PackSetup(cells=15, internal_S=np.where(k == 3, 0.5, 0.0), joint_ohm=np.where(k == 7, 1e-4, 0.0),
                      heater_W=np.where(k == 11, 20.0, 0.0), neighbour_W_per_K=0.5, ambient_W_per_K=0.3,
                      coolant_W_per_K=8.0, **spread(15))
    bleed = np.isin(k, (2, 9))
    segments = [segment._replace(bleed=bleed) for segment in profiles.mixed(100.0)]
    return Case(cells.lfp(), setup, 0.5 + 0.01 * np.sin(k), -5.0, segments)


def parallel_groups():
    """4S3P with one short and one bad joint: the members share currents unevenly."""
    k = np.arange(12)
    setup = PackSetup(cells=4, parallel=3, internal_S=np.where(k == 3, 0.5, 0.0), joint_ohm=np.where(k == 7, 1e-4, 2e-5),
                      neighbour_W_per_K=0.5, ambient_W_per_K=0.3, coolant_W_per_K=8.0, **spread(12))
    segments = [segment._replace(current_A=3 * segment.current_A, bleed=[1, 0, 0, 0]) for segment in profiles.mixed(100.0, 60)]
    return Case(cells.lfp(), setup, 0.5, -5.0, segments)


def knee():
    setup = PackSetup(ambient_W_per_K=0.3, coolant_W_per_K=8.0)
    return Case(cells.lfp(), setup, 0.06, 10.0, profiles.to_the_ends(100.0))


def hard_short():
    """Three cells at rest, the middle one shorted by 20 milliohm: 160 A, 20 K in minutes."""
    setup = PackSetup(cells=3, internal_S=np.array([0.0, 50.0, 0.0]), neighbour_W_per_K=2.0, ambient_W_per_K=0.3)
    return Case(cells.lfp(), setup, 0.9, 25.0, [Segment(300.0, 0.0), Segment(300.0, -50.0), Segment(300.0, 30.0)])


def minutes():
    setup = PackSetup(ambient_W_per_K=0.3, coolant_W_per_K=8.0)
    return Case(cells.lfp(), setup, 0.5, 25.0, profiles.at_minute_steps(100.0))


CASES = [one_cell, one_cell_with_three_pairs, fifteen_cells, parallel_groups, knee, hard_short, minutes]


def solve(case, **options):
    reference = ReferencePack(case.cell, case.setup)
    return reference.solve(reference.initial(case.soc, case.degC), case.segments, **options)
