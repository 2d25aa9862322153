"""Bad input: every problem as file:line:column, exit 3, nothing runs and nothing is written."""
import re

import pytest

from conftest import LIBRARY, files_in

GOOD = """\
scenario: good
pack: {soc: 80 %, temperature: 25 degC}
phases:
  - rest: 1 s
expect:
  - name: it is idle
    always: device.state == IDLE
"""


def refused(bench, *arguments):
    done = bench("run", *arguments, "--out", "out")
    assert done.returncode == 3, done.stderr
    assert done.stdout == ""
    assert not (bench.folder / "out").exists()
    return done.stderr


def refused_text(bench, old, new):
    assert old in GOOD
    bench.write("bad.yaml", GOOD.replace(old, new))
    text = refused(bench, "bad.yaml")
    assert "1 problem found; nothing was run" in text
    return text


def test_an_unknown_key_is_named_with_its_place_and_a_suggestion(bench):
    text = refused_text(bench, "soc: 80 %", "sok: 80 %")
    assert text.startswith("bad.yaml:2:8: pack.sok: unknown key 'sok'")
    assert "did you mean 'soc'?" in text


def test_a_wrong_unit_says_which_quantity_was_expected(bench):
    text = refused_text(bench, "temperature: 25 degC", "temperature: 25 V")
    assert text.startswith("bad.yaml:2:")
    assert "pack.temperature: '25 V' is a voltage (expected a temperature" in text


def test_a_wrong_unit_in_a_check_is_found_before_anything_runs(bench):
    text = refused_text(bench, "device.state == IDLE", "truth.pack_current <= 3 V")
    assert text.startswith("bad.yaml:7:")
    assert "expect[0].always" in text


def test_all_problems_are_reported_at_once(bench):
    bench.write("bad.yaml", GOOD.replace("soc: 80 %", "sok: 80 %").replace("25 degC", "25 V").replace("rest: 1 s", "rest: 1 A"))
    text = refused(bench, "bad.yaml")
    assert "3 problems found; nothing was run" in text
    assert [line.split(":")[1] for line in text.splitlines()[:3]] == ["2", "2", "4"]


def test_one_bad_scenario_among_good_ones_stops_all(bench):
    bench.write("good.yaml", GOOD)
    bench.write("worse.yaml", GOOD.replace("scenario: good", "scenario: worse").replace("rest", "nap"))
    assert "worse.yaml:4:5" in refused(bench, "good.yaml", "worse.yaml")


def bms_profile(bench, old, new):
    text = (LIBRARY / "bms/lfp-15s-100ah.yaml").read_text()
    assert old in text
    bench.write("bms.yaml", text.replace(old, new))
    bench.write("bad.yaml", GOOD + "bms: {profile: bms.yaml}\n")
    return refused(bench, "bad.yaml")


def test_a_release_above_the_trip_is_an_impossible_order(bench):
    text = bms_profile(bench, "trip: 3.65 V, delay: 2 s, release: 3.40 V", "trip: 3.65 V, delay: 2 s, release: 3.70 V")
    assert re.match(r"bms.yaml:\d+:\d+: protections.cell_ov.release: release 3.7 V is not below trip 3.65 V "
                    r"\(expected a release strictly inside the trip\)\n", text)


def test_a_hard_trip_below_the_trip_is_an_impossible_order(bench):
    text = bms_profile(bench, "trip: 3.80 V, delay: 0.2 s", "trip: 3.60 V, delay: 0.2 s")
    assert re.match(r"bms.yaml:\d+:\d+: protections.cell_ov_hard.trip: trip 3.6 V is not above the trip 3.65 V of cell_ov \(expected", text)


def test_a_pack_of_25_cells_is_refused_with_the_range(bench):
    text = (LIBRARY / "packs/lfp-15s-100ah.yaml").read_text()
    bench.write("pack.yaml", text.replace("cells: 15", "cells: 25").replace("../cells", str(LIBRARY / "cells")))
    bench.write("bad.yaml", GOOD.replace("{soc", "{profile: pack.yaml, soc"))
    assert re.match(r"pack.yaml:\d+:8: cells: '25' stands here \(expected a whole number from 1 to 24\)\n", refused(bench, "bad.yaml"))


def test_a_missing_scenario_is_named(bench):
    assert "missing.yaml: file 'missing.yaml' does not exist (expected a file that can be read)" in refused(bench, "missing.yaml")


def test_a_file_that_is_no_scenario_is_named(bench):
    bench.write("notes.yaml", "shopping: [milk]\n")
    assert "notes.yaml:1:1: this is no scenario (expected a YAML mapping with the key 'scenario')" in refused(bench, "notes.yaml")


def test_broken_yaml_has_its_place(bench):
    bench.write("bad.yaml", "scenario: [\n")
    assert "YAML syntax" in refused(bench, "bad.yaml")


@pytest.mark.parametrize("key, value, words", [
    ("pack", "{profile: lfp-16s}", "lfp-16s"),
    ("bms", "{profile: nowhere.yaml}", "nowhere.yaml"),
])
def test_a_missing_profile_is_named_with_its_place(bench, key, value, words):
    bench.write("bad.yaml", GOOD.replace("pack: {soc: 80 %, temperature: 25 degC}\n", "") + f"{key}: {value}\n")
    text = refused(bench, "bad.yaml")
    assert text.startswith("bad.yaml:")
    assert words in text and "expected" in text


def test_a_missing_current_profile_is_named_with_its_place(bench):
    text = refused_text(bench, "rest: 1 s", "profile: us07.csv")
    assert text.startswith("bad.yaml:4:") and "us07.csv" in text


def test_an_unknown_set_key_is_named_with_a_suggestion(bench):
    bench.write("good.yaml", GOOD)
    text = refused(bench, "good.yaml", "--set", "pack.sok=3 %")
    assert "--set pack.sok=3 %: pack.sok: unknown key 'sok'" in text and "did you mean 'soc'?" in text


def test_a_set_without_a_value_says_the_form(bench):
    bench.write("good.yaml", GOOD)
    assert "this is no assignment (expected KEY=VALUE with a dotted key" in refused(bench, "good.yaml", "--set", "pack.soc")


def test_set_reaches_the_run(bench):
    bench.write("good.yaml", GOOD)
    assert bench("run", "good.yaml", "--device", "inproc:", "--out", "out", "--set", "pack.soc=33 %").returncode == 0
    assert "--set 'pack.soc=33 %'" in bench.run_of()["command"]


@pytest.mark.parametrize("arguments", [["--filter", "zz*"], ["--tag", "unheard of"]])
def test_an_empty_selection_is_exit_3(bench, arguments):
    bench.write("good.yaml", GOOD)
    assert f"of 1 scenario none matches {arguments[0]} '{arguments[1]}' (packbench list" in refused(bench, "good.yaml", *arguments)


def test_a_folder_without_scenarios_is_exit_3(bench):
    (bench.folder / "empty").mkdir()
    assert "no scenario files in empty (expected *.yaml with a key `scenario`)" in refused(bench, "empty")


def test_validate_refuses_what_run_refuses_in_the_same_words(bench):
    bench.write("bad.yaml", GOOD.replace("soc: 80 %", "sok: 80 %"))
    validated = bench("validate", "bad.yaml")
    assert validated.returncode == 3
    assert validated.stderr == refused(bench, "bad.yaml")
    assert files_in(bench.folder) == ["bad.yaml"]
