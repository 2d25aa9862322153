import numpy
import pytest

import packbench


def make(**more):
    table = packbench.ResistanceTable(soc=[0, 1], temperature_degC=[0, 25], charge_ohm=[[4e-3, 2e-3], [4e-3, 2e-3]],
                                      discharge_ohm=[[8e-3, 3e-3], [8e-3, 3e-3]])
    settings = dict(name="test", capacity_Ah=50, ocv_V=([0, 0.5, 1], [3.0, 3.3, 3.4]), r0_ohm=table,
                    pairs=[(table, 10.0), (1e-3, 300.0)], hysteresis_V=([0, 1], [0.02, 0.04]),
                    entropy_V_per_K=([0, 1], [1e-4, -1e-4]))
    settings.update(more)
    return packbench.Cell(**settings)


def test_the_open_circuit_voltage_is_the_table_with_branches_and_temperature():
    cell = make()
    numpy.testing.assert_allclose(cell.ocv_V([0, 0.25, 0.5, 1]), [3.0, 3.15, 3.3, 3.4], rtol=1e-15)
    assert cell.ocv_V(1.0, branch=1) - cell.ocv_V(1.0, branch=-1) == pytest.approx(0.04)
    assert cell.ocv_V(0.0, 35.0) - cell.ocv_V(0.0, 25.0) == pytest.approx(1e-3)
    assert cell.hysteresis_V(0.5) == pytest.approx(0.03) and cell.entropy_V_per_K(0.5) == pytest.approx(0.0, abs=1e-18)


def test_arguments_broadcast():
    assert make().ocv_V(numpy.linspace(0, 1, 7)[:, None], [10, 25, 40]).shape == (7, 3)
    assert make().r0_ohm([0.2, 0.4], [[0], [25]], charging=True).shape == (2, 2)
    assert isinstance(float(make().ocv_V(0.5)), float)


def test_resistance_follows_direction_and_temperature():
    cell = make()
    assert cell.r0_ohm(0.5, 25.0) == pytest.approx(3e-3) and cell.r0_ohm(0.5, 25.0, charging=True) == pytest.approx(2e-3)
    assert cell.r0_ohm(0.5, 0.0) == pytest.approx(8e-3)
    # ln R is linear in 1/T between the two temperatures, and beyond them
    slope = numpy.log(8 / 3) / (1 / 273.15 - 1 / 298.15)
    for degC in (10.0, -20.0, 60.0):
        assert cell.r0_ohm(0.5, degC) == pytest.approx(3e-3 * numpy.exp(slope * (1 / (degC + 273.15) - 1 / 298.15)), rel=1e-12)
    assert cell.pair_ohm(1, 0.3, -10.0) == pytest.approx(1e-3)


def test_time_constants_follow_the_rate():
    cell = make(rate=packbench.Rate([0, 1], [0, 25], [[0.5, 1.0], [0.5, 1.0]]))
    assert cell.tau_s(0, 0.5, 25.0) == pytest.approx(10.0) and cell.tau_s(1, 0.5, 0.0) == pytest.approx(600.0)
    numpy.testing.assert_array_equal(cell.taus_s, [10.0, 300.0])


def test_scaling_keeps_voltages_and_divides_resistances():
    big = make().scaled_to(100)
    assert big.capacity_Ah == 100 and big.r0_ohm(0.5) == pytest.approx(1.5e-3)
    assert big.ocv_V(0.3) == make().ocv_V(0.3)


def test_validity_is_told_and_its_violation_seen():
    cell = make(validity=packbench.Validity(min_degC=0, max_degC=45, max_discharge_C=2))
    assert cell.validity.max_degC == 45 and cell.validity.max_charge_C == 1000
    pack = packbench.Pack(cell, temperature_degC=50)
    pack.step(-150.0)
    assert pack.outside_validity() == [{"hot", "discharge_rate"}]
    assert packbench.Pack(cell).outside_validity() == [frozenset()]


@pytest.mark.parametrize("change, text", [
    (dict(ocv_V=([0, 1], [3.0, 3.1, 3.2])), r"ocv_V must have the shape \(2,\), but has \(3,\)"),
    (dict(ocv_V=[3.0, 3.1, 3.2]), "ocv_V must be a pair"),
    (dict(ocv_V=([0, 1], [3.2, 3.0])), "The OCV must never fall"),
    (dict(r0_ohm=packbench.ResistanceTable([0, 1], [25], [1e-3, 1e-3])), r"charge_ohm of r0_ohm must have the shape \(2, 1\)"),
    (dict(r0_ohm=-1e-3), "above 0"),
    (dict(capacity_Ah=0), "capacity in Ah must be above 0"),
    (dict(pairs=[(1e-3, 1.0)] * 4), "at most 3 RC pairs"),
    (dict(rate=packbench.Rate([0, 1], [25], [[1.0]])), "rate must have the shape"),
])
def test_a_wrong_table_is_refused_with_what_is_wrong(change, text):
    with pytest.raises(ValueError, match=text):
        make(**change)


def test_an_unknown_pair_is_refused():
    with pytest.raises(ValueError, match="no RC pair 2: the cell has 2"):
        make().pair_ohm(2, 0.5)


def test_constants_are_exchanged_by_name():
    heavy = make().with_constants(mass_kg=3.0)
    assert heavy.mass_kg == 3.0 and heavy.ocv_V(0.5) == make().ocv_V(0.5)
    with pytest.raises(ValueError, match="no constant 'mass'; known are hysteresis_soc"):
        make().with_constants(mass=3.0)


def test_cells_come_from_files_by_name():
    cell = packbench.Cell.from_file("lfp_sony26650")
    assert cell.capacity_Ah == 3.0 and cell.validity.max_degC == 40.0 and len(cell.taus_s) == 2
    assert cell.hysteresis_V(0.5) == pytest.approx(0.0193, abs=2e-3)
    with pytest.raises(ValueError, match="no_such_cell"):
        packbench.Cell.from_file("no_such_cell")
