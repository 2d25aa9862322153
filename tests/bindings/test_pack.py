import threading
import time

import numpy
import pytest

import packbench


def grouped(**more):
    cell = packbench.Cell(capacity_Ah=10, ocv_V=([0, 1], [3.0, 3.4]), r0_ohm=2e-3, pairs=[(1e-3, 20.0)])
    return packbench.Pack(cell, cells=4, parallel=3, **more)


def test_arrays_have_one_row_per_pack_and_one_column_per_cell():
    pack = packbench.Pack(packs=3, soc=0.5)
    voltage = pack.step(0.0, 1.0)
    assert voltage.shape == (3, 15)
    assert pack.cell_soc.shape == (3, 15)
    assert pack.pack_soc.shape == pack.pack_voltage_V.shape == (3,)


def test_arrays_of_groups_have_one_layer_per_member():
    pack = grouped(packs=2)
    assert pack.step(-10.0).shape == (2, 4)
    assert pack.cell_current_A.shape == (2, 4, 3)
    numpy.testing.assert_allclose(pack.cell_current_A.sum(axis=2), -10.0, rtol=0, atol=1e-9)


def test_every_array_can_be_read_and_has_a_unit():
    pack = packbench.Pack()
    assert {"cell_soc", "cell_core_degC", "pack_voltage_V"} <= set(pack.arrays) <= set(packbench.ARRAYS)
    for name in pack.arrays:
        assert numpy.isfinite(pack.get(name)).all() and packbench.ARRAYS[name][0]


def test_charge_taken_is_charge_missing():
    pack = grouped(soc=0.8)  # of cells that do not age, so that their capacity stays
    before = pack.cell_soc
    for _ in range(60):
        pack.step(-5.0, 60.0)
    taken_Ah = ((before - pack.cell_soc) * pack.cell_capacity_Ah).sum(axis=2)
    numpy.testing.assert_allclose(taken_Ah, 5.0, rtol=1e-11)


def test_a_load_pulls_the_voltage_below_the_open_circuit_voltage():
    pack = packbench.Pack()
    assert (pack.step(-50.0, 1.0) < pack.cell_ocv_V).all()


def test_every_pack_takes_its_own_current():
    pack = packbench.Pack(packs=2)
    voltage = pack.step(numpy.array([-50.0, 50.0]), 1.0)
    assert (voltage[0] < voltage[1]).all()


def test_bleed_discharges_its_cell_only():
    pack = packbench.Pack()
    bleed = numpy.zeros((1, 15), dtype=numpy.uint8)
    bleed[0, 4] = 1
    before = pack.cell_soc
    pack.step(0.0, 600.0, bleed=bleed)
    lost = (before - pack.cell_soc)[0]
    assert lost[4] > 0
    numpy.testing.assert_array_equal(numpy.delete(lost, 4), 0.0)


def test_the_same_seed_gives_the_same_pack():
    assert (packbench.Pack(seed=3).cell_capacity_Ah == packbench.Pack(seed=3).cell_capacity_Ah).all()
    assert (packbench.Pack(seed=3).cell_capacity_Ah != packbench.Pack(seed=4).cell_capacity_Ah).any()


def test_a_batch_is_the_packs_of_its_seed_whatever_its_size():
    large, small = packbench.Pack(packs=150, seed=5), packbench.Pack(packs=2, seed=5)
    numpy.testing.assert_array_equal(large.cell_capacity_Ah[:2], small.cell_capacity_Ah)
    for pack in (large, small):
        pack.run([-30.0, 20.0, -80.0], 10.0)
    numpy.testing.assert_array_equal(large.cell_core_degC[:2], small.cell_core_degC)


def test_a_short_is_a_condition_and_empties_its_cell():
    pack = packbench.Pack(packs=2)
    pack.set("cell_internal_S", 1 / 0.5, pack=1, cell=4)
    before = pack.cell_soc
    pack.step(0.0, 600.0)
    lost = before - pack.cell_soc
    assert lost[1, 4] > 0.01
    lost = lost.copy()
    lost[1, 4] = 0
    numpy.testing.assert_array_equal(lost, 0.0)


def test_arrays_are_set_as_a_whole_or_in_part():
    pack = packbench.Pack(packs=2)
    pack.cell_soc = 0.3
    assert (pack.cell_soc == 0.3).all()
    pack.cell_core_degC = numpy.arange(30.0).reshape(2, 15)
    pack.set("cell_core_degC", [1.0, 2.0], pack=1, cell=slice(3, 5))
    assert pack.cell_core_degC[1, 3:5].tolist() == [1.0, 2.0] and pack.cell_core_degC[0, 4] == 4.0


def test_what_was_read_cannot_be_mistaken_for_the_pack():
    with pytest.raises(ValueError, match="read-only"):
        packbench.Pack().cell_soc[0, 0] = 0.1


def test_a_copy_goes_its_own_way():
    pack = packbench.Pack()
    copy = pack.copy()
    pack.step(-50.0, 60.0)
    assert (copy.cell_soc > pack.cell_soc).all()
    copy.step(-50.0, 60.0)
    numpy.testing.assert_array_equal(copy.cell_core_degC, pack.cell_core_degC)


CURRENT_A = numpy.repeat([-50.0, 0.0, 30.0], 20)


def test_a_run_is_its_steps():
    stepped, run = packbench.Pack(), packbench.Pack()
    trace = run.run(CURRENT_A, 2.0, ambient_degC=10.0)
    voltages = [stepped.step(current, 2.0, ambient_degC=10.0) for current in CURRENT_A]
    numpy.testing.assert_array_equal(trace["cell_voltage_V"], voltages)
    numpy.testing.assert_array_equal(trace.time_s, 2.0 * numpy.arange(1, 61))
    assert trace.units["cell_voltage_V"] == "V"


def test_threads_change_no_bit():
    one, many = packbench.Pack(packs=200), packbench.Pack(packs=200)
    currents = CURRENT_A[:, None] * numpy.linspace(0.5, 1.0, 200)
    first = one.run(currents, threads=1, every=7, record=["cell_voltage_V", "pack_soc"])
    second = many.run(currents, threads=3, every=7, record=["cell_voltage_V", "pack_soc"])
    assert first["cell_voltage_V"].shape == (8, 200, 15) and first["pack_soc"].shape == (8, 200)
    for name in first.signals:
        numpy.testing.assert_array_equal(first[name], second[name])


def test_a_repeated_profile_is_the_profile_again():
    twice, once = packbench.Pack(), packbench.Pack()
    step_s = numpy.linspace(0.5, 2.0, len(CURRENT_A))
    trace = twice.run(CURRENT_A, step_s, repeat=2, every=len(CURRENT_A) // 2)
    once.run(CURRENT_A, step_s)
    once.run(CURRENT_A, step_s)
    numpy.testing.assert_array_equal(twice.cell_soc, once.cell_soc)
    assert trace.time_s[-1] == pytest.approx(2 * step_s.sum()) and len(trace.time_s) == 4


def test_other_threads_of_python_go_on_during_a_run():
    counted = []
    running = threading.Event()

    def count():
        while running.is_set():
            counted.append(time.perf_counter())
            time.sleep(0)

    running.set()
    other = threading.Thread(target=count)
    other.start()
    start = time.perf_counter()
    packbench.Pack(packs=20).run(numpy.zeros(3000), record=[])
    end = time.perf_counter()
    running.clear()
    other.join()
    middle = [t for t in counted if start + 0.25 * (end - start) < t < start + 0.75 * (end - start)]
    assert middle, "nothing ran beside the pack"


@pytest.mark.parametrize("arguments, text", [
    (dict(current_A=numpy.zeros((5, 3))), r"current_A must have the shape \(steps,\) or \(steps, 2\), but has \(5, 3\)"),
    (dict(current_A=[]), "current_A"),
    (dict(current_A=[1.0, numpy.nan]), "current_A must be finite"),
    (dict(current_A=[1.0, 2.0], dt_s=0.0), "dt_s must be above 0"),
    (dict(current_A=[1.0, 2.0], ambient_degC=[1.0, 2.0, 3.0]), r"ambient_degC must be a number or have the shape \(2,\)"),
    (dict(current_A=[1.0], threads=0), "threads must be at least 1"),
    (dict(current_A=[1.0], record=["cell_colour"]), "no array 'cell_colour'"),
    (dict(current_A=[1.0], bleed=numpy.zeros((3, 15))), "bleed must have the shape"),
])
def test_a_wrong_run_is_refused(arguments, text):
    with pytest.raises(ValueError, match=text):
        packbench.Pack(packs=2).run(**arguments)


def test_what_cannot_be_set_is_refused_by_name():
    pack = packbench.Pack()
    with pytest.raises(ValueError, match="'cell_heat_W' cannot be set"):
        pack.cell_heat_W = 1.0
    with pytest.raises(AttributeError, match="no 'cell_sock'"):
        pack.cell_sock = 1.0
    with pytest.raises(ValueError, match=r"cell_soc has the shape \(1, 15\)"):
        pack.cell_soc = numpy.zeros(4)
    with pytest.raises(ValueError, match="cell_soc has the shape"):
        pack.set("cell_soc", 0.5, cell=15)


def test_currents_of_the_wrong_length_are_refused():
    with pytest.raises(ValueError, match=r"current_A must have the shape \(2,\)"):
        packbench.Pack(packs=2).step(numpy.zeros(3), 1.0)


def test_an_unknown_profile_is_refused_by_name():
    with pytest.raises(ValueError, match="no-such-pack"):
        packbench.Pack("no-such-pack")


def test_time_does_not_run_backwards():
    with pytest.raises(ValueError, match="finite time above 0"):
        packbench.Pack().step(0.0, -1.0)


def test_the_arrays_of_the_core_are_those_of_the_documentation():
    documented = {name: (unit, text.startswith("=")) for name, (unit, text) in packbench.ARRAYS.items()}
    for name, unit, settable in packbench._core.pack_fields():
        assert documented[name] == (unit, settable)
    assert set(packbench.ARRAYS) <= set(packbench.Pack.__annotations__), "type checkers must see every array"
