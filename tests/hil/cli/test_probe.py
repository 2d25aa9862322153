"""`packbench probe`: what it says, the files it writes, how it ends."""
import json
import subprocess

import pytest

from conftest import REPOSITORY
from test_gateway import KEY, Gateway, Server


@pytest.fixture
def api(bench):
    bench.environment["PACKBENCH_API_KEY"] = KEY
    server = Server(bench, "--rate", "0")
    yield server
    server.end()


def probe(bench, *arguments):
    return subprocess.run(bench.command("probe", *arguments), cwd=bench.folder, env=bench.environment, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=100)


def test_our_own_server_passes_and_the_files_say_so(bench, api):
    gateway = Gateway(bench, api.url)
    gateway.until("delivered 2")
    gateway.end()
    done = probe(bench, "--url", api.url, "--period", "1", "--json", "deep/probe.json", "--junit", "probe.xml")
    assert done.returncode == 0 and " 0 warn, 0 fail, " in done.stdout and done.stderr == "", done.stdout
    assert "\x1b" not in done.stdout and KEY not in done.stdout
    found = json.loads((bench.folder / "deep/probe.json").read_text())
    assert found["verdict"] == "pass" and found["read_only"] and found["summary"]["fail"] == 0
    assert len(found["findings"]) == sum(found["summary"].values())
    assert {"check", "device", "verdict", "detail"} == set(found["findings"][0])
    schema = REPOSITORY / "tests/hil/report/junit.xsd"
    checked = subprocess.run(["xmllint", "--noout", "--schema", schema, bench.folder / "probe.xml"], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr


def test_a_key_that_is_not_accepted_is_exit_1(bench, api):
    bench.environment["PACKBENCH_API_KEY"] = "wrong"
    done = probe(bench, "--url", api.url)
    assert done.returncode == 1 and "fail  auth.key" in done.stdout and "Verdict: fail." in done.stdout


def test_nothing_that_answers_is_exit_2(bench):
    bench.environment["PACKBENCH_API_KEY"] = KEY
    done = probe(bench, "--url", "http://127.0.0.1:1/v1", "--json", "probe.json")
    assert done.returncode == 2 and "Nothing could be judged. The Device API at 127.0.0.1:1 cannot be reached" in done.stdout
    assert json.loads((bench.folder / "probe.json").read_text())["verdict"] == "inconclusive"


@pytest.mark.parametrize("arguments, words", [
    (["--url", "host"], "packbench probe: The API URL 'host' is not understood"),
    ([], "packbench probe: --url is required."),
    (["--url", "http://h/v1", "--quirks", "some"], "--quirks: 'some' is not usable (expected one of none, xbattery-2025)"),
    (["--url", "http://h/v1", "--timeout", "0"], "--timeout: '0' is not usable (expected a number above zero)."),
    (["--url", "https://h/v1", "--insecure", "--ca", "x"], "cannot be combined with"),
])
def test_bad_input_is_exit_3(bench, arguments, words):
    bench.environment["PACKBENCH_API_KEY"] = KEY
    done = bench("probe", *arguments)
    assert words in done.stderr and done.returncode == 3 and done.stdout == ""


def test_a_key_comes_from_the_environment_alone(bench):
    bench.environment.pop("PACKBENCH_API_KEY", None)
    done = bench("probe", "--url", "http://127.0.0.1:1/v1")
    assert done.returncode == 3 and done.stderr == "packbench probe: There is no API key: set PACKBENCH_API_KEY.\n"
    assert "--key" not in bench("probe", "--help").stdout


def test_a_file_that_cannot_be_written_is_exit_4_before_anything_is_asked(bench):
    bench.environment["PACKBENCH_API_KEY"] = KEY
    bench.write("file", "")
    done = bench("probe", "--url", "http://127.0.0.1:1/v1", "--json", "file/probe.json")
    assert done.returncode == 4 and done.stdout == ""
