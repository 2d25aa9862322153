"""`packbench export-fmu` as its users meet it."""
import os
import resource
import zipfile

import pytest

from conftest import REPOSITORY, files_in

PROFILE = REPOSITORY / "scenarios/packs/lfp-15s-100ah.yaml"
DESCRIPTION = "modelDescription.xml"


def description(path):
    with zipfile.ZipFile(path) as archive:
        return archive.read(DESCRIPTION).decode()


def test_a_profile_by_file_or_name_becomes_an_fmu(packbench, tmp_path):
    for number, profile in enumerate([PROFILE, "lfp-15s-100ah"]):
        done = packbench("export-fmu", profile, "--out", f"{number}.fmu")
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout == f"{number}.fmu: 'lfp-15s-100ah', FMI 3.0 co-simulation for 64-bit Linux\n"
    assert (tmp_path / "0.fmu").read_bytes() == (tmp_path / "1.fmu").read_bytes()
    with zipfile.ZipFile(tmp_path / "0.fmu") as archive:
        assert archive.read("documentation/pack_profile.yaml") == PROFILE.read_bytes()


def test_the_licence_of_the_cell_data_goes_along(packbench, tmp_path):
    assert packbench("export-fmu", PROFILE, "--out", "a.fmu").returncode == 0
    folder = REPOSITORY / "scenarios/cells/lfp_sony26650"
    with zipfile.ZipFile(tmp_path / "a.fmu") as archive:
        for name in ["LICENSE", "SOURCE.md"]:
            assert archive.read(f"documentation/licenses/cell_data_{name}") == (folder / name).read_bytes()


def test_without_a_name_the_fmu_is_called_like_the_pack(packbench, tmp_path):
    assert packbench("export-fmu", PROFILE).returncode == 0
    assert files_in(tmp_path) == ["lfp-15s-100ah.fmu"]


def test_start_values_are_those_of_the_options(packbench, tmp_path):
    done = packbench("export-fmu", PROFILE, "--out", "a.fmu", "--soc", "25 %", "--temperature", "-10 degC", "--seed", "77")
    assert done.returncode == 0
    text = description(tmp_path / "a.fmu")
    assert 'name="initial_soc"' in text and 'start="0.25"' in text
    assert text.count('start="263.15"') == 3
    assert 'start="77"' in text


@pytest.mark.parametrize("option, value, message", [
    ("--soc", "1.2", "'1.2' is not usable (expected a number from 0 to 1, such as 50 %)"),
    ("--soc", "3 V", "'3 V' is not usable (expected a number from 0 to 1"),
    ("--temperature", "25", "'25' is not usable (expected a temperature from -60 degC to 150 degC, such as 25 degC)"),
    ("--temperature", "200 degC", "is not usable"),
    ("--temperature", "warm", "warm"),
    ("--seed", "-1", "'-1' is not usable (expected a whole number"),
    ("--out", "", "the value is empty"),
])
def test_a_value_that_makes_no_sense_is_a_usage_error(packbench, tmp_path, option, value, message):
    done = packbench("export-fmu", PROFILE, option, value)
    assert done.returncode == 3 and done.stdout == ""
    assert message in done.stderr
    assert files_in(tmp_path) == []


def test_a_missing_profile_is_named(packbench, tmp_path):
    done = packbench("export-fmu", "nothing.yaml", "--out", "a.fmu")
    assert done.returncode == 3
    assert "nothing.yaml" in done.stderr and "1 problem found; nothing was exported" in done.stderr
    assert files_in(tmp_path) == []


def test_a_wrong_profile_is_told_with_its_places(packbench, tmp_path):
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(PROFILE.read_text().replace("cells: 15", "cells: 0").replace("bleed: 34 ohm ", "bleed: 34 V "))
    done = packbench("export-fmu", wrong, "--out", "a.fmu")
    assert done.returncode == 3
    assert f"{wrong}:" in done.stderr and "2 problems found" in done.stderr or "3 problems found" in done.stderr
    assert files_in(tmp_path) == ["wrong.yaml"]


def test_a_folder_that_is_missing_is_made(packbench, tmp_path):
    assert packbench("export-fmu", PROFILE, "--out", "new/deep/a.fmu").returncode == 0
    assert files_in(tmp_path) == ["new/deep/a.fmu"]


@pytest.mark.parametrize("out", ["/dev/null/a.fmu", "/proc/a.fmu"])
def test_an_unwritable_place_is_exit_4(packbench, tmp_path, out):
    done = packbench("export-fmu", PROFILE, "--out", out)
    assert done.returncode == 4 and done.stdout == ""
    assert "functional mock-up unit could not be" in done.stderr
    assert files_in(tmp_path) == []


def test_a_full_disk_leaves_the_older_file_and_no_half_one(packbench, tmp_path):
    (tmp_path / "a.fmu").write_text("older")
    done = packbench("export-fmu", PROFILE, "--out", "a.fmu",
                     preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000)))
    assert done.returncode == 4
    assert "could not be written: a.fmu: File too large." in done.stderr
    assert files_in(tmp_path) == ["a.fmu"]
    assert (tmp_path / "a.fmu").read_text() == "older"


def test_the_same_pack_makes_the_same_bytes_in_every_time_zone(packbench, tmp_path):
    for name, zone in [("a", "UTC"), ("b", "Asia/Tokyo")]:
        assert packbench("export-fmu", PROFILE, "--out", name, env={**os.environ, "TZ": zone}).returncode == 0
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
