"""The example beside the exporter, as a user would try it."""
import re
import subprocess
import sys

from conftest import EXPORTED, REPOSITORY, unsanitized

sys.path.insert(0, str(REPOSITORY / "fmi"))
import example  # noqa: E402


@unsanitized
def test_the_example_discharges_the_pack():
    done = subprocess.run([sys.executable, REPOSITORY / "fmi/example.py", EXPORTED / "series.fmu"], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    first, *cells = done.stdout.splitlines()
    voltage, soc = map(float, re.fullmatch(r"after 3600 s: ([0-9.]+) V, SOC ([0-9.]+) %", first).groups())
    assert 15 * 2.5 < voltage < 15 * 3.4
    assert abs(soc - 40) < 1  # 50 A for an hour out of 100 Ah; the spread of capacity moves it a little
    assert len(cells) == 15


@unsanitized
def test_the_sum_of_the_cells_is_the_pack():
    pack = example.Pack(EXPORTED / "groups.fmu")
    pack.initialize()
    pack.set("pack_current", 20.0)
    pack.step(0, 1)
    assert abs(sum(pack.get("cell_voltage")) - pack.get("pack_voltage")[0]) < 1e-12  # 4 roundings of 4e-15 V
    currents = pack.get("cell_current")
    for position in range(4):
        assert abs(sum(currents[3 * position:3 * position + 3]) - 20) < 1e-9
    pack.close()


@unsanitized
def test_a_refused_call_raises_with_the_reason():
    pack = example.Pack(EXPORTED / "series.fmu")
    for wrong, reason in [(lambda: pack.step(0, 1), "'Instantiated'"), (lambda: pack.set("ambient_temperature", 25.0), "25")]:
        try:
            wrong()
        except RuntimeError as error:
            assert reason in str(error)
        else:
            assert False, "nothing was raised"
    pack.close()
