"""The measured Leaf cell: identified from HPPC records through Python, and its measured 1C and 2C discharges predicted.

Figures are root mean squares of measured less modelled voltage over samples between 10 and 95 % SOC, unless the knee is
named (below 10 %). The data has no temperatures: the model's own warming cannot be compared with a measurement.
"""

import functools

import numpy as np
import pytest

import leaf
import packbench


@functools.lru_cache(maxsize=None)
def fitted():
    return packbench.fit([leaf.hppc(degC) for degC in (10, 25, 40)])


def prediction(part, cell):
    """Voltage, SOC and core temperature of the model through one measured discharge from full, with its own capacity."""
    pack = packbench.Pack(cell, cells=1, soc=1.0, temperature_degC=25.0, ambient_W_per_K=leaf.COOLING_W_PER_K)
    pack.cell_capacity_Ah, pack.cell_hysteresis = leaf.counted_Ah(part), 1.0
    trace = pack.run(part.current_A, leaf.intervals_s(part), record=["cell_voltage_V", "cell_soc", "cell_core_degC"])
    return tuple(trace[name][:, 0, 0] for name in ("cell_voltage_V", "cell_soc", "cell_core_degC"))


def misfit(rate):
    """RMS within the window and in the knee, over all discharges at this rate; the warmest core; how many."""
    cell = fitted().cell.with_constants(**leaf.HEAT)
    window, knee, warmest, parts = [], [], -273.0, leaf.discharges(rate)
    for part in parts:
        volt, soc, core = prediction(part, cell)
        error = part.voltage_V - volt
        window.append(error[(soc >= 0.10) & (soc < 0.95)])
        knee.append(error[soc < 0.10])
        warmest = max(warmest, core.max())
    rms = lambda pieces: np.sqrt((np.concatenate(pieces) ** 2).mean())
    return rms(window), rms(knee), warmest, len(parts)


def test_one_hppc_record_is_fitted_to_a_millivolt():
    fit = packbench.fit([leaf.hppc(25)])
    assert fit.records[0].cell_rms_V <= 1e-3
    assert fit.capacity_Ah == pytest.approx(30.6, abs=0.5)
    soc = fit.records[0].soc
    assert fit.records[0].bins["samples"].sum() == ((soc >= 0) & (soc < 1)).sum()


def test_the_cell_of_three_temperatures_keeps_to_a_few_millivolts():
    worst = max(record.cell_rms_V for record in fitted().records)
    assert worst <= 4e-3


@pytest.mark.parametrize("rate, count", [(1, 4), (2, 5)])
def test_measured_discharges_are_predicted_to_15_mV(rate, count):
    window, knee, warmest, parts = misfit(rate)
    print(f"{rate}C: {1e3 * window:.1f} mV between 10 and 95 % SOC, {1e3 * knee:.0f} mV below, core up to {warmest:.1f} degC")
    assert parts == count
    assert window <= 0.015
    assert 25 < warmest < 40


def test_a_record_of_unequal_arrays_is_refused():
    with pytest.raises(ValueError, match=r"one shape \(samples,\), but have \(3,\), \(2,\), \(3,\)"):
        packbench.fit([packbench.Record([0, 1, 2], [0, 1], [3, 3, 3])])
    with pytest.raises(ValueError):
        packbench.fit([packbench.Record(np.arange(5.0), np.zeros(5), np.full(5, 3.3))])
