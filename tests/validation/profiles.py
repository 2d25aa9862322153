"""Load profiles: pulses, rests, charge and a piece of a drive cycle, between -10 and 45 degC."""

import numpy as np

from cells import ROOT, columns
from reference import Segment


def drive_cycle(capacity_Ah, seconds, ambient_degC):
    """The first seconds of US06, its largest discharge at about 1C."""
    lines = (ROOT / "scenarios/profiles/us06/pybamm_US06.csv").read_text().splitlines()
    table = np.array([[float(x) for x in line.split(",")] for line in lines if line and not line.startswith("#")])
    scale = -0.12 * capacity_Ah
    return [Segment(1.0, scale * current, ambient_degC) for current in table[:seconds, 1]]


def pulses(capacity_Ah, ambient_degC, rates=(-1.0, 0.5, -0.3, 1.0), on_s=10.0, off_s=40.0):
    return [segment for rate in rates for segment in
            (Segment(on_s, rate * capacity_Ah, ambient_degC), Segment(off_s, 0.0, ambient_degC))]


def mixed(capacity_Ah, drive_s=300):
    """About an hour; every change of current on a whole second. The coolant follows the ambient."""
    c = capacity_Ah
    segments = ([Segment(60.0, 0.0, -10.0)] + pulses(c, -10.0) + [Segment(300.0, 0.3 * c, -10.0), Segment(300.0, 0.0, 10.0)]
                + pulses(c, 25.0) + [Segment(600.0, -0.8 * c, 25.0), Segment(180.0, 0.0, 45.0)]
                + drive_cycle(c, drive_s, 45.0) + [Segment(600.0, 0.7 * c, 45.0), Segment(300.0, 0.0, 20.0)]
                + pulses(c, 0.0) + [Segment(240.0, -0.2 * c, 0.0)])
    return [segment._replace(coolant_degC=segment.ambient_degC) for segment in segments]


def to_the_ends(capacity_Ah):
    """From 6 % down into the knee, up again, at 10 degC; the OCV is at its steepest there."""
    c = capacity_Ah
    return [Segment(180.0, -1.0 * c, 10.0), Segment(120.0, 0.0, 10.0), Segment(30.0, -0.5 * c, 10.0),
            Segment(600.0, 0.05 * c, 10.0), Segment(300.0, 0.5 * c, 10.0), Segment(60.0, 0.0, 10.0)]


def at_minute_steps(capacity_Ah):
    """A quarter of an hour whose current changes on whole minutes only."""
    c = capacity_Ah
    rates = (0.0, -1.0, -1.0, 0.5, 0.0, 0.3, -0.3, -2.0, 0.0, 1.0, 1.0, 0.0, -0.5, -0.5, 0.0)
    return [Segment(60.0, rate * c, 25.0) for rate in rates]
