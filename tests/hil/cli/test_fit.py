"""fit: measured records to a cell file. Figures are root mean squares between 10 and 95 % SOC."""
import json
import math
import re

import pytest

from conftest import REPOSITORY

LEAF = REPOSITORY / "tests/data/leaf_cell_hppc"
HPPC = {10: LEAF / "cell-low-current-hppc-10c.csv", 25: LEAF / "cell-low-current-hppc-25c-2.csv",
        40: LEAF / "cell-low-current-hppc-40c-1.csv"}
HEAT = ("--mass", "0.799kg", "--specific-heat", "1600", "--cooling", "0.642", "--core-surface", "40")


def made_up(sign=1, titles="t_s,I_A,V_V", soc=1.0, noise=0.0):
    """Pulses and rests of a 2 Ah cell with a straight OCV, one resistance and one pair of 20 s."""
    lines, time, v1 = [titles], 0.0, 0.0
    for _ in range(8):
        for current, seconds in ((0, 300), (-4, 20), (0, 120), (2, 10), (0, 60), (-1, 600)):
            for _ in range(seconds // 2):
                time += 2
                v1 = v1 * math.exp(-2 / 20) + (1 - math.exp(-2 / 20)) * 0.02 * current
                soc += current * 2 / 3600 / 2
                lines.append(f"{time},{sign * current},{3.3 + 0.8 * soc + v1 + 0.03 * current:.6f}")
    return "\n".join(lines) + "\n"


@pytest.fixture
def record(bench):
    def write(text, name="record.csv"):
        (bench.folder / name).write_text(text)
        return name
    return write


PLAIN = ("--capacity", "2Ah", "--start-soc", "1", "--temperature", "25", "--pairs", "1", "--json")


def fitted(bench, *arguments):
    done = bench("fit", *arguments)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def middle(table, side="discharge_ohm"):
    return table[side][len(table[side]) // 2]


def test_a_made_up_cell_is_found(bench, record):
    result = fitted(bench, record(made_up()), *PLAIN)
    assert result["pairs"][0]["tau_s"] == pytest.approx(20, rel=0.05)
    assert middle(result["r0"]) == pytest.approx(0.03, rel=0.02)
    assert result["records"][0]["window_rms_V"] < 1e-4


def test_positive_discharge_is_seen_and_turned(bench, record):
    done = bench("fit", record(made_up(sign=-1)), *PLAIN)
    assert "positive for discharge; it was turned" in done.stderr
    assert middle(json.loads(done.stdout)["r0"]) == pytest.approx(0.03, rel=0.02)


def test_titles_in_other_units_are_understood(bench, record):
    text = made_up(titles="Test Time [h];Current/mA;Voltage (mV);Temp (C)")
    lines = text.splitlines()
    for i in range(1, len(lines)):
        t, c, v = map(float, lines[i].split(","))
        lines[i] = f"{t / 3600:.9f};{c * 1000};{v * 1000};24"
    result = fitted(bench, record("\n".join(lines) + "\n"), *[a for a in PLAIN if a not in ("--temperature", "25")])
    assert result["records"][0]["temperature_degC"] == pytest.approx(24)
    assert middle(result["r0"]) == pytest.approx(0.03, rel=0.02)


BAD = {
    "no voltage": (lambda: made_up(titles="t_s,I_A,pressure"), "no column was found for: voltage"),
    "no titles": (lambda: made_up().split("\n", 1)[1], "no line of titles"),
    "time stands": (lambda: re.sub(r"\n6\.0,", "\n4.0,", made_up()), "time does not rise at sample 3"),
    "not a number": (lambda: made_up().replace("\n8.0,", "\n8.0,x", 1), "is not a number"),
    "nan": (lambda: re.sub(r"\n8\.0,([^,]*),[^\n]*", r"\n8.0,\1,nan", made_up()), "is not a number"),
    "short": (lambda: "\n".join(made_up().splitlines()[:50]), "samples are too few"),
    "constant current": (lambda: re.sub(r"\n([^,\n]*),[^,\n]*,", r"\n\1,-1,", made_up()), "the current never changes"),
    "empty": (lambda: "", "no line of data"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_files_are_refused_with_a_sentence(bench, record, case):
    text, sentence = BAD[case]
    done = bench("fit", record(text()), *PLAIN)
    assert done.returncode == 3 and done.stdout == ""
    assert sentence in done.stderr and "record.csv" in done.stderr


def test_a_file_that_is_not_there_is_named(bench):
    done = bench("fit", "nothing.csv", *PLAIN)
    assert done.returncode == 3 and "nothing.csv: the file cannot be read" in done.stderr


def test_an_unknown_state_of_charge_is_refused(bench, record):
    done = bench("fit", record(made_up()), "--capacity", "2Ah", "--temperature", "25")
    assert done.returncode == 3 and "no full charge" in done.stderr


def test_temperatures_must_match_the_files(bench, record):
    done = bench("fit", record(made_up()), "--temperature", "10,25", "--start-soc", "1", "--capacity", "2Ah")
    assert done.returncode == 3 and "2 temperatures are given for 1 files" in done.stderr


def test_the_leaf_cell_reaches_its_figures(bench):
    """The file of 10 degC has no titles: it takes those of the others."""
    done = bench("fit", HPPC[10], HPPC[25], HPPC[40], "--temperature", "10,25,40", *HEAT, "--json", "--out", "leaf/cell.yaml",
                 "--report", "fit.html", "--validate", LEAF / "cell-discharge-bitrode-1c.csv",
                 "--validate", LEAF / "cell-discharge-bitrode-2c.csv")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["records"][1]["cell_window_rms_V"] <= 0.001
    for file in ("1c", "2c"):
        runs = [v for v in result["validations"] if file in v["name"]]
        assert len(runs) >= 4
        samples = sum(v["window"]["samples"] for v in runs)
        assert math.sqrt(sum(v["window"]["rms_V"] ** 2 * v["window"]["samples"] for v in runs) / samples) <= 0.015
    page = (bench.folder / "fit.html").read_text()
    assert "default-src 'none'" in page and not re.search(r"(src|href)=\"https?:", page)
    assert (bench.folder / "leaf/cell.yaml").read_text().startswith('cell: "leaf"')


def test_the_summary_is_for_people(bench):
    done = bench("fit", HPPC[25], "--temperature", "25")
    assert done.returncode == 0, done.stderr
    for words in ("10 to 95 % SOC", "Pair 2:", "+-", "Root mean square in mV by SOC", "below 10 %"):
        assert words in done.stdout


def test_what_is_written_for_one_temperature_is_a_valid_cell(bench):
    done = bench("fit", str(HPPC[25]), "--temperature", "25", "--out", "cell.yaml")
    assert done.returncode == 0, done.stderr
    done = bench("validate", "cell.yaml")
    assert done.returncode == 0 and "1 profile is valid" in done.stdout, done.stdout + done.stderr


def test_a_record_without_titles_takes_those_of_another_file(bench):
    done = bench("fit", str(HPPC[10]), "--temperature", "10")
    assert done.returncode == 3 and "no line of titles" in done.stderr and "--titles-from" in done.stderr
    result = fitted(bench, str(HPPC[10]), "--temperature", "10", "--titles-from", str(HPPC[25]), "--json")
    assert len(result["pairs"]) == 3 and result["records"][0]["window_rms_V"] < 0.001


def test_the_smallest_of_files_is_refused_in_words(bench, record):
    done = bench("fit", record("1,2,3\n", "a.csv"), record("t,I,V\n", "b.csv"))
    assert done.returncode == 3
    assert "packbench: a.csv: 1 samples" in done.stderr and "packbench: b.csv: 0 samples" in done.stderr, done.stderr


@pytest.mark.parametrize("mass", ["8g", "0kg", "-1", "kg", "1e999"])
def test_a_mass_that_is_none_is_refused_in_kilograms(bench, record, mass):
    done = bench("fit", record(made_up()), *PLAIN, "--mass", mass)
    assert done.returncode == 3 and f"'{mass}' is not usable (expected a mass above zero, such as 0.8kg)" in done.stderr


@pytest.mark.parametrize("wrong", [("--discharge-positive",), ("--capacity", "5Ah")])
def test_what_no_cell_does_is_refused_and_nothing_is_written(bench, wrong):
    done = bench("fit", str(HPPC[25]), "--temperature", "25", "--out", "cell.yaml", *wrong)
    assert done.returncode == 3, done.stdout
    assert "is wrong" in done.stderr or "full" in done.stderr, done.stderr
    assert not (bench.folder / "cell.yaml").exists()
