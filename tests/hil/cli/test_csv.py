"""CSV of the Device API as Python's own reader reads it, against the JSON of the same records."""
import csv
import json
import re
import urllib.parse
import urllib.request

import pytest

from conftest import Bench
from test_gateway import KEY, LIMIT_S, Server

NAMES = ["plain", 'say "pack"', "a,b", "'", '"', "=1+1", " blank ", "Größe 電池 ⚡", "semi;colon", ',"",']
# The cells that a device has, and how many columns its answers have: without a cellCount, all that there can be.
DEVICES = {"PACK-15": (15, 15), "PACK-24": (24, 24), "PACK-ANY": (3, 24)}


def record(number, cells):
    """Every third cell without a reading, and each value in a form of its own."""
    voltages = [None if (number + i) % 3 == 0 else round(3 + (number * 31 + i * 7) % 6000 / 1e4, 4) for i in range(cells)]
    return {"ts": f"2025-02-20T10:00:{number:02}.{number * 7:03}Z", "Device_id": NAMES[number % len(NAMES)], "cell_voltage": voltages,
            "pack_voltage": 0 if number == 0 else round(40 + number / 1e4, 4), "temperature": -20.125 + number if number % 2 else None,
            "pack_current": -50.001 + number, "soc": number % 101, "ocv_soc": None, "soh": 0, "bms_state": "DISCHARGING",
            "main_contactor_state": bool(number % 2), "charger_contactor_state": False, "boot": 1, "seq": number,
            "faults": [] if number % 2 else ["cell_uv", "pack_uv"], "balancing": [i == number % cells for i in range(cells)]}


@pytest.fixture(scope="module")
def api(tmp_path_factory):
    bench = Bench(tmp_path_factory.mktemp("csv"))
    bench.environment["PACKBENCH_API_KEY"] = KEY
    server = Server(bench, "--rate", "0")
    for name, (cells, columns) in DEVICES.items():
        known = {} if name == "PACK-ANY" else {"cellCount": columns}
        server.ask("devices", json.dumps({"deviceId": name, "name": "n", "model": "m", "location": "l", **known}).encode())
        server.ask(f"devices/{name}/telemetry", json.dumps([record(number, cells) for number in range(60)]).encode())
    yield server
    server.end()


def asked(server, name, **query):
    query = urllib.parse.urlencode({"start": "2025-02-20", "end": "2025-02-21", **query})
    request = urllib.request.Request(f"{server.url}/devices/{name}/telemetry?{query}", headers={"ApiKey": KEY, "Accept": "text/csv"})
    with urllib.request.urlopen(request, timeout=LIMIT_S) as answer:
        return answer.read().decode()


def cell_of(value):
    """A value of JSON as the cell that it should be."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return " ".join(value) or "-"
    return value if isinstance(value, str) else json.dumps(value)


def expected(made, columns):
    row = {}
    for name, value in made.items():
        if isinstance(value, list) and name != "faults":
            row |= {f"{name}_{i + 1}": cell_of(one) for i, one in enumerate(value)}
        else:
            row[name] = cell_of(value)
    return {name: row.get(name, "") for name in columns}


@pytest.mark.parametrize("name", DEVICES)
@pytest.mark.parametrize("extended", [0, 1])
def test_what_python_reads_is_what_json_says(api, name, extended):
    more = {"extended": 1} if extended else {}
    rows = list(csv.DictReader(asked(api, name, **more).splitlines(keepends=True), strict=True))
    made = api.ask(f"devices/{name}/telemetry?start=2025-02-20&end=2025-02-21" + ("&extended=1" if extended else ""))
    assert len(rows) == len(made) == 60
    columns = list(rows[0])
    assert sum(bool(re.fullmatch(r"cell_voltage_\d+", column)) for column in columns) == DEVICES[name][1]
    for row, one in zip(rows, made):
        assert None not in row and row == expected(one, columns)
        assert set(one) <= {re.sub(r"_\d+$", "", column) for column in columns} | set(columns)
    assert {row["Device_id"] for row in rows} == set(NAMES)


def test_a_row_has_as_many_cells_as_the_head(api):
    for name in DEVICES:
        lengths = {len(row) for row in csv.reader(asked(api, name).splitlines(keepends=True), strict=True)}
        assert len(lengths) == 1
