import ast
import inspect
import os
import pathlib

import numpy
import pytest

import packbench

SCENARIOS = pathlib.Path(os.environ["PACKBENCH_SOURCE"]) / "scenarios"
TRIP = SCENARIOS / "protection" / "cell_overvoltage_trip.yaml"


@pytest.mark.parametrize("device", ["inproc:", "native:"])
def test_a_run_gives_verdict_margins_and_trace(device, tmp_path):
    run = packbench.run(TRIP, device=device, out=tmp_path)
    assert run.verdict == "pass", run.reason
    check = run.checks[0]
    assert check.verdict == "pass" and check.margin > 0 and check.unit == "ms"
    trace = packbench.read_trace(run.trace_file)
    assert trace["truth.cell_voltage"].shape == (len(trace.time_s), 15)
    assert trace.units["truth.cell_voltage"] == "V"
    assert trace.time_s[-1] == pytest.approx(run.sim_s, abs=1e-9)
    assert (tmp_path / "report.html").exists()


def test_a_defect_makes_the_named_check_fail():
    run = packbench.run(TRIP, device="inproc:", defect="no_cell_ov_trip")
    assert run.verdict == "fail"
    assert [check.name for check in run.checks if check.verdict == "fail"][0] == "the charger contactor opens in its time"


def test_the_same_seed_gives_the_same_hash_and_another_seed_another():
    first, second, third = (packbench.run(TRIP, device="inproc:", seed=seed).trace_hash for seed in (5, 5, 6))
    assert first == second != third


def test_truth_in_the_trace_obeys_charge_balance(tmp_path):
    run = packbench.run(SCENARIOS / "operation" / "steady_discharge.yaml", device="inproc:", out=tmp_path)
    trace = packbench.read_trace(run.trace_file)
    taken_Ah = -numpy.diff(trace["truth.cell_soc"][[0, -1]], axis=0) * trace["truth.cell_capacity"][0]
    # the current is constant but for a step at either end, each uncertain by one sample of 50 A
    assert taken_Ah == pytest.approx(50.0 * 600 / 3600, abs=2 * 50.0 * 0.1 / 3600 + 0.01)


def test_a_bad_scenario_says_every_problem(tmp_path):
    bad = tmp_path / "bad.yaml"
    bad.write_text("scenario: bad\nphases:\n  - rest: 5 V\nexpectt: []\n")
    with pytest.raises(packbench.ScenarioError) as error:
        packbench.run(bad)
    assert "bad.yaml:3:" in str(error.value) and "bad.yaml:4:" in str(error.value)


def test_an_unknown_device_is_refused():
    with pytest.raises(ValueError, match="unknown"):
        packbench.run(TRIP, device="carrier-pigeon:")


def test_the_stubs_name_what_the_compiled_module_has():
    folder = pathlib.Path(packbench.__file__).parent
    stub = ast.parse((folder / "_core.pyi").read_text())
    known = {node.name: node for node in stub.body if isinstance(node, (ast.ClassDef, ast.FunctionDef))}
    for name, thing in vars(packbench._core).items():
        if name.startswith("_"):
            continue
        assert name in known, f"{name} is not in the stubs"
        if not inspect.isclass(thing):
            continue
        members = {getattr(node, "name", None) or node.target.id for node in known[name].body
                   if isinstance(node, (ast.FunctionDef, ast.AnnAssign))}
        for member in vars(thing):
            assert member.startswith("_") or member in members, f"{name}.{member} is not in the stubs"


def test_everything_public_is_explained():
    for name in packbench.__all__:
        thing = getattr(packbench, name)
        if not inspect.isclass(thing) and not inspect.isroutine(thing):
            continue
        assert inspect.getdoc(thing), f"{name} has no text"
        for member, value in vars(thing).items() if inspect.isclass(thing) else ():
            if not member.startswith("_") and (inspect.isroutine(value) or isinstance(value, property)):
                assert inspect.getdoc(value) is not None or name.endswith("Result"), f"{name}.{member} has no text"
