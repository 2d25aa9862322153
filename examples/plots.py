"""Plots what a cell does: its open-circuit voltage, a pulse and the rest after it, a thermal runaway that propagates.

    ./bench example plots --out out/plots        # installs matplotlib (python3-matplotlib) when it is missing
"""

import argparse
import pathlib

import numpy

import packbench

PACK = "lfp-15s-100ah"


def large_cell():
    """A cell of the pack: measured on 3 Ah, scaled to 100 Ah, with the mass of a 100 Ah cell."""
    return packbench.Pack(PACK).cell


def open_circuit(cell, points=401):
    """SOC, and the OCV on the discharge branch, midway and on the charge branch: shapes (points,), (3, points)."""
    soc = numpy.linspace(0.0, 1.0, points)
    return soc, numpy.stack([cell.ocv_V(soc, 25.0, branch) for branch in (-1, 0, 1)])


def pulse(cell, temperature_degC, rest_s=900, pulse_s=60, rate=-1.0, step_s=0.2):
    """Time from the pulse's beginning and voltage of a cell at rest, under a pulse, and at rest again."""
    pack = packbench.Pack(cell, cells=1, soc=0.5, temperature_degC=temperature_degC)
    parts = [(10, 0.0), (pulse_s, rate * cell.capacity_Ah), (rest_s, 0.0)]
    current_A = numpy.concatenate([numpy.full(round(seconds / step_s), ampere) for seconds, ampere in parts])
    trace = pack.run(current_A, step_s, ambient_degC=temperature_degC, record=["cell_voltage_V"])
    return trace.time_s - 10.0, trace["cell_voltage_V"][:, 0, 0]


def runaway(neighbour_W_per_K, heater_W=1500.0, heated_s=400, seconds=5400, cells=7):
    """Core temperatures (records, cells) and voltages of a pack at rest whose first cell is heated from outside.

    neighbour_W_per_K  how well heat flows from one cell to the next: cells pressed together, or with an insulator between
    """
    pack = packbench.Pack(PACK, cells=cells, soc=1.0, neighbour_W_per_K=neighbour_W_per_K, spread=packbench.Spread())
    record = dict(record=["cell_core_degC", "cell_voltage_V"], every=2)
    pack.set("cell_heater_W", heater_W, cell=0)
    heated = pack.run(numpy.zeros(heated_s), 1.0, **record)
    pack.cell_heater_W = 0.0
    after = pack.run(numpy.zeros(seconds - heated_s), 1.0, **record)
    time_s = numpy.concatenate([heated.time_s, heated_s + after.time_s])
    joined = {name: numpy.concatenate([heated[name], after[name]])[:, 0] for name in record["record"]}
    return time_s, joined["cell_core_degC"], joined["cell_voltage_V"]


def draw_open_circuit(figure):
    soc, (discharge, middle, charge) = open_circuit(large_cell())
    whole, zoomed = figure.subplots(1, 2)
    for axes in (whole, zoomed):
        axes.plot(soc * 100, charge, color="tab:red", label="charge branch")
        axes.plot(soc * 100, middle, color="0.5", linewidth=0.8, label="midway")
        axes.plot(soc * 100, discharge, color="tab:blue", label="discharge branch")
        axes.set_xlabel("SOC in %")
        axes.grid(alpha=0.3)
    whole.set(ylabel="OCV in V", title="LFP: a plateau between two knees")
    zoomed.set(xlim=(15, 95), ylim=(3.18, 3.38), title="17 to 30 mV between charge and discharge branch")
    whole.legend()


def draw_pulse(figure):
    whole, after = figure.subplots(1, 2)
    for degC, colour in ((10, "tab:blue"), (25, "tab:green"), (40, "tab:red")):
        time_s, volt = pulse(large_cell(), degC)
        near = time_s < 120
        whole.plot(time_s[near], volt[near], color=colour, label=f"{degC} degC")
        rest = time_s > 60.5
        after.plot((time_s[rest] - 60) / 60, 1000 * (volt[rest] - volt[-1]), color=colour, label=f"{degC} degC")
    whole.set(xlabel="time in s", ylabel="terminal voltage in V", title="1C for a minute: the drop is larger in the cold")
    after.set(xlabel="time after the pulse in min", ylabel="below the rest voltage, in mV", title="recovery takes minutes")
    for axes in (whole, after):
        axes.legend()
        axes.grid(alpha=0.3)


def draw_runaway(figure):
    pressed, apart = figure.subplots(1, 2, sharey=True)
    for axes, conductance, title in ((pressed, PRESSED_W_PER_K, "cells pressed together: it propagates"),
                                     (apart, INSULATED_W_PER_K, "insulated from each other: it stops")):
        time_s, core_degC, _ = runaway(conductance)
        for cell in range(core_degC.shape[1]):
            axes.plot(time_s / 60, core_degC[:, cell], label=f"cell {cell + 1}", linewidth=1)
        axes.set(xlabel="time in min", title=title)
        axes.grid(alpha=0.3)
    pressed.set_ylabel("core temperature in degC")
    pressed.legend(fontsize="small")


PRESSED_W_PER_K = 5.0
INSULATED_W_PER_K = 0.2

FIGURES = {"ocv.png": draw_open_circuit, "pulse.png": draw_pulse, "runaway.png": draw_runaway}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("out/plots"), help="folder for the pictures")
    out = parser.parse_args().out
    import matplotlib.figure

    out.mkdir(parents=True, exist_ok=True)
    for name, draw in FIGURES.items():
        figure = matplotlib.figure.Figure(figsize=(10, 4.5), layout="constrained")
        draw(figure)
        figure.savefig(out / name, dpi=120)
        print(out / name)


if __name__ == "__main__":
    main()
