"""modelDescription.xml against the rules of FMI 3.0 that a grammar can say, and those that it cannot."""
import math
import os
import pathlib
import subprocess
import xml.etree.ElementTree

import pytest

from conftest import EXPORTED, FMUS

GRAMMAR = pathlib.Path(__file__).with_name("model_description.rng")


@pytest.fixture(params=FMUS)
def path(request):
    return EXPORTED / request.param / "modelDescription.xml"


@pytest.fixture
def root(path):
    return xml.etree.ElementTree.parse(path).getroot()


@pytest.fixture
def variables(root):
    return list(root.find("ModelVariables"))


def lint(*arguments, **options):
    return subprocess.run(["xmllint", "--noout", *map(str, arguments)], capture_output=True, text=True, **options)


def size(variable):
    return math.prod(int(dimension.get("start")) for dimension in variable.findall("Dimension"))


def references(variables, causality):
    return [int(variable.get("valueReference")) for variable in variables if variable.get("causality") == causality]


def test_it_is_valid_by_our_grammar(path):
    done = lint("--relaxng", GRAMMAR, path)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("old, new", [
    ('valueReference="10"', 'valueReference="ten"'), ('fmiVersion="3.0"', 'fmiVersion="2.0"'),
    ('causality="input"', 'causality="inward"'), ("<LogCategories>", "<Logs>"), ('start="false', 'start="off'),
    (' modelIdentifier="packbench_pack"', ""), ('<Dimension start="15"/>', '<Dimension start="0"/>')])
def test_the_grammar_sees_what_is_wrong(old, new):
    text = (EXPORTED / "series/modelDescription.xml").read_text()
    assert old in text
    assert lint("--relaxng", GRAMMAR, "-", input=text.replace(old, new)).returncode != 0


def test_it_is_valid_by_the_schema_of_the_standard(path):
    if not os.environ["SCHEMA"]:
        pytest.skip("configure with -DPACKBENCH_FMI_SCHEMA=.../fmi3ModelDescription.xsd")
    done = lint("--schema", os.environ["SCHEMA"], path)
    assert done.returncode == 0, done.stderr


def test_names_and_value_references_are_unique(variables):
    for attribute in ["name", "valueReference"]:
        values = [variable.get(attribute) for variable in variables]
        assert len(set(values)) == len(values)


def test_there_is_one_time_without_start_value(variables):
    [time] = [variable for variable in variables if variable.get("causality") == "independent"]
    assert (time.tag, time.get("variability")) == ("Float64", "continuous")
    assert time.get("start") is None and time.get("initial") is None


def test_causality_variability_and_initial_go_together(variables):
    allowed = {  # the standard's table, as far as our causalities go
        "independent": {("continuous", None)},
        "parameter": {("fixed", "exact"), ("tunable", "exact")},
        "input": {("discrete", None), ("continuous", None)},
        "output": {("discrete", "calculated"), ("continuous", "calculated")},
    }
    for variable in variables:
        assert (variable.get("variability"), variable.get("initial")) in allowed[variable.get("causality")]
        assert variable.get("variability") != "continuous" or variable.tag == "Float64"


def test_start_values_are_there_where_they_must_be_and_fill_the_array(variables):
    for variable in variables:
        if variable.get("causality") in ("parameter", "input"):
            values = variable.get("start").split()
            assert len(values) == size(variable)
            if variable.tag == "Float64":
                low, high = float(variable.get("min", "-inf")), float(variable.get("max", "inf"))
                assert all(low <= float(value) <= high for value in values)
        else:
            assert variable.get("start") is None


def test_units_and_display_units_are_declared(root, variables):
    units = {unit.get("name"): {display.get("name") for display in unit.findall("DisplayUnit")}
             for unit in root.find("UnitDefinitions")}
    for variable in variables:
        if variable.tag == "Float64":
            assert variable.get("unit") in units
            assert variable.get("displayUnit") in units[variable.get("unit")] | {None}
    assert set(units) == {variable.get("unit") for variable in variables if variable.get("unit")}


def test_display_units_mean_what_their_names_say(root):
    displays = {display.get("name"): (float(display.get("factor")), float(display.get("offset", "0")))
                for display in root.iter("DisplayUnit")}
    assert displays == {"h": (1 / 3600, 0), "mV": (1000, 0), "mS": (1000, 0), "degC": (1, -273.15), "%": (100, 0)}


def test_the_structure_lists_every_output_once(root, variables):
    for element in ["Output", "InitialUnknown"]:
        listed = [int(unknown.get("valueReference")) for unknown in root.find("ModelStructure").findall(element)]
        assert listed == references(variables, "output")


def test_unknowns_depend_on_knowns_only(root, variables):
    inputs, parameters = set(references(variables, "input")), set(references(variables, "parameter"))
    for element, knowns in [("Output", inputs), ("InitialUnknown", inputs | parameters)]:
        for unknown in root.find("ModelStructure").findall(element):
            dependencies = [int(reference) for reference in unknown.get("dependencies").split()]
            assert set(dependencies) <= knowns and len(set(dependencies)) == len(dependencies)


def test_the_identifier_is_that_of_the_library(root, path):
    identifier = root.find("CoSimulation").get("modelIdentifier")
    assert (path.parent / f"binaries/x86_64-linux/{identifier}.so").is_file()


def test_arrays_are_as_long_as_the_pack():
    shapes = {}
    for name in FMUS:
        variables = xml.etree.ElementTree.parse(EXPORTED / name / "modelDescription.xml").getroot().find("ModelVariables")
        shapes[name] = {variable.get("name"): [int(d.get("start")) for d in variable.findall("Dimension")] for variable in variables}
    assert shapes["series"]["cell_voltage"] == shapes["series"]["cell_soc"] == shapes["series"]["bleed"] == [15]
    assert shapes["groups"]["cell_voltage"] == shapes["groups"]["bleed"] == [4]
    assert shapes["groups"]["cell_soc"] == shapes["groups"]["short_conductance"] == [4, 3]
