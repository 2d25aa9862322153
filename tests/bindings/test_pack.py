import numpy
import pytest

import packbench


def test_arrays_have_one_row_per_pack_and_one_column_per_cell():
    pack = packbench.Pack(packs=3, soc=0.5)
    voltage = pack.step(0.0, 1.0)
    assert voltage.shape == (3, 15)
    assert pack.cell_soc.shape == (3, 15)
    assert pack.soc.shape == (3,)


def test_charge_taken_is_charge_missing():
    pack = packbench.Pack(soc=0.8)
    before = pack.cell_soc
    for _ in range(60):
        pack.step(-50.0, 60.0)
    taken_Ah = (before - pack.cell_soc) * pack.cell_capacity_Ah
    numpy.testing.assert_allclose(taken_Ah, 50.0, rtol=1e-12)


def test_a_load_pulls_the_voltage_below_the_open_circuit_voltage():
    pack = packbench.Pack()
    assert (pack.step(-50.0, 1.0) < pack.cell_ocv_V()).all()


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


def test_currents_of_the_wrong_length_are_refused():
    with pytest.raises(ValueError, match="current_A must have 1 or 2 values, not 3"):
        packbench.Pack(packs=2).step(numpy.zeros(3), 1.0)


def test_an_unknown_profile_is_refused_by_name():
    with pytest.raises(ValueError, match="no-such-pack"):
        packbench.Pack("no-such-pack")


def test_time_does_not_run_backwards():
    with pytest.raises(ValueError, match="dt_s"):
        packbench.Pack().step(0.0, -1.0)
