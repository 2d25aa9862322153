"""list, validate and ports: tables for people, JSON for programs."""
import json

import pytest

from conftest import LIBRARY


def listed(bench, *arguments):
    done = bench(*arguments, "--json")
    assert done.returncode == 0 and done.stderr == ""
    return json.loads(done.stdout)


def test_scenarios_are_listed_with_what_the_format_promises(bench):
    rows = listed(bench, "list", LIBRARY)
    assert len(rows) >= 12
    for row in rows:
        assert {"name", "file", "tags", "requirements", "duration_s"} <= row.keys()
        assert isinstance(row["tags"], list) and isinstance(row["requirements"], list) and row["duration_s"] > 0
    assert len({row["name"] for row in rows}) == len(rows)


CATALOGUES = {
    "--signals": ({"name", "unit", "description"}, "name", "truth.pack_current"),
    "--faults": ({"target", "channel", "kind", "value", "description"}, "kind", "drop"),
    "--defects": ({"name", "description"}, "name", "no_cell_ov_trip"),
    "--variables": ({"name", "bits"}, "name", "cell_voltages"),
    "--devices": ({"scheme", "example", "description"}, "scheme", "native"),
}


@pytest.mark.parametrize("catalogue", CATALOGUES)
def test_a_catalogue_is_an_array_of_rows_with_the_same_fields(bench, catalogue):
    fields, key, known = CATALOGUES[catalogue]
    rows = listed(bench, "list", catalogue)
    assert all(row.keys() == fields for row in rows)
    assert known in [row[key] for row in rows]


@pytest.mark.parametrize("catalogue", CATALOGUES)
def test_the_table_for_people_has_a_heading_and_every_row(bench, catalogue):
    rows = listed(bench, "list", catalogue)
    lines = bench("list", catalogue).stdout.splitlines()
    assert lines[0].split() == list(rows[0])
    assert len(lines) == len(rows) + 1


def test_every_defect_of_the_catalogue_is_taken_by_run(bench):
    name = bench.scenario()
    for row in listed(bench, "list", "--defects"):
        done = bench("run", name, "--device", "native:", "--defect", row["name"], "--watchdog", "1")
        assert done.returncode in (0, 1), row["name"] + done.stderr


def test_a_defect_that_would_end_the_bench_itself_is_not_given_to_it(bench):
    done = bench("run", bench.scenario(), "--device", "inproc:", "--defect", "crash")
    assert done.returncode == 2
    assert "the defect 'crash' ends the process that runs the firmware, which is the bench itself with 'inproc:' (expected native:)." in done.stdout


def test_the_table_of_scenarios_is_for_people(bench):
    bench.scenario("plain")
    text = bench("list", "plain.yaml").stdout
    assert "[" not in text and text.splitlines()[0].split()[:2] == ["name", "file"]


def test_validate_counts(bench):
    assert bench("validate", bench.scenario("one")).stdout == "1 scenario is valid\n"
    assert bench("validate", bench.scenario("one"), bench.scenario("two")).stdout == "2 scenarios are valid\n"


def test_validate_reads_profiles_and_cells_too(bench):
    assert bench("validate", LIBRARY / "cells" / "lfp_sony26650" / "cell.yaml").stdout == "1 profile is valid\n"
    both = bench("validate", bench.scenario("one"), LIBRARY / "packs" / "lfp-16s-100ah.yaml")
    assert both.stdout == "1 scenario and 1 profile are valid\n"
    bench.write("pack.yaml", "pack_profile: pack\ncells: 15\ncell: {file: nowhere.yaml}\n")
    bad = bench("validate", "pack.yaml")
    assert bad.returncode == 3
    assert "pack.yaml:3:14: cell.file: file 'nowhere.yaml' does not exist" in bad.stderr


@pytest.mark.parametrize("kind", ["scenario", "pack", "bms", "cell"])
def test_each_kind_of_file_has_a_schema(bench, kind):
    schema = json.loads(bench("list", "--schema", kind).stdout)
    assert schema["type"] == "object" and schema["required"]
    if kind == "scenario":
        assert schema == json.loads(bench("list", "--schema").stdout)


def test_validate_runs_nothing(bench):
    bench("validate", bench.failing())
    assert sorted(path.name for path in bench.folder.iterdir()) == ["failing.yaml"]


def test_ports_are_a_json_array(bench):
    fields = {"path", "transport", "description", "usb_vendor", "usb_product", "manufacturer", "product", "serial_number", "by_id"}
    rows = listed(bench, "ports")
    assert isinstance(rows, list) and all(row.keys() == fields for row in rows)


def test_a_path_given_twice_runs_once(bench):
    name = bench.scenario()
    assert "1 run, 1 check" in bench("run", name, name, "./" + name).stdout


def test_two_scenarios_of_one_name_are_refused_with_both_files(bench):
    bench.scenario("same")
    bench.write("other.yaml", (bench.folder / "same.yaml").read_text())
    done = bench("validate", ".")
    assert done.returncode == 3
    assert "two scenarios have the name 'same'" in done.stderr and "other.yaml" in done.stderr


def chosen(bench, *arguments):
    assert bench("run", LIBRARY, "--device", "inproc:", "--out", "out", *arguments).returncode == 0
    return {run["scenario"] for run in bench.results()["runs"]}


def test_filter_chooses_by_the_name_and_by_the_file(bench):
    by_name = {row["name"] for row in listed(bench, "list", LIBRARY) if "UART" in row["name"]}
    assert len(by_name) == 2
    assert chosen(bench, "--filter", "*UART*") == by_name
    assert chosen(bench, "--filter", "*uart_silence*") == by_name


def test_tag_chooses(bench):
    tagged = {row["name"] for row in listed(bench, "list", LIBRARY) if "telemetry" in row["tags"]}
    assert tagged and chosen(bench, "--tag", "telemetry") == tagged
