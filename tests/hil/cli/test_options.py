"""Mistyped command lines: what is wrong, what was meant, exit 3."""
import pytest


@pytest.mark.parametrize("arguments, words", [
    ([], "packbench: a command is missing (expected one of run, simulate, list, validate, fit, device, serve, keys, gateway, probe, ports, export-fmu)."),
    (["rnu"], "packbench: unknown command 'rnu' (expected one of run, simulate, list, validate, fit, device, serve, keys, gateway, probe, ports, export-fmu; did you mean 'run'?)."),
    (["run"], "packbench run: PATH is required.\nSee 'packbench run --help'."),
    (["run", "s.yaml", "--jbos", "2"], "packbench run: unknown option '--jbos' (did you mean '--jobs'?)."),
    (["run", "s.yaml", "--jobs"], "packbench run: --jobs needs a value."),
    (["run", "s.yaml", "--jobs", "-1"], "--jobs: '-1' is not usable (expected a whole number from 1 to 256)."),
    (["run", "s.yaml", "--jobs", "0"], "--jobs: '0' is not usable (expected a whole number from 1 to 256)."),
    (["run", "s.yaml", "--jobs", "2.5"], "--jobs: '2.5' is not usable (expected a whole number from 1 to 256)."),
    (["run", "s.yaml", "--jobs", "1", "--jobs", "2"], "packbench run: --jobs is given 2 times (expected once)."),
    (["run", "s.yaml", "--out", "a", "--out", "b"], "packbench run: --out is given 2 times (expected once)."),
    (["run", "s.yaml", "--out", ""], "packbench run: --out: the value is empty."),
    (["run", "s.yaml", "--seed", "-1"], "--seed: '-1' is not usable (expected a whole number from 0 to 18446744073709551615)."),
    (["run", "s.yaml", "--seed", "x"], "--seed: 'x' is not usable"),
    (["run", "s.yaml", "--speed", "nan"], "--speed: 'nan' is not usable (expected a number, zero or more)."),
    (["run", "s.yaml", "--speed", "-1"], "--speed: '-1' is not usable (expected a number, zero or more)."),
    (["run", "s.yaml", "--watchdog", "0"], "--watchdog: '0' is not usable (expected a number above zero)."),
    (["run", "s.yaml", "--realtime", "--speed", "2"], "packbench run: --realtime cannot be combined with --speed."),
    (["run", "s.yaml", "--api", "http://h/v1", "--no-api"], "packbench run: --api cannot be combined with --no-api."),
    (["run", "s.yaml", "--api", "localhost"], "The API URL 'localhost' is not understood (expected http://HOST:PORT/v1 or https://HOST/v1)."),
    (["run", "s.yaml", "--defect", "no_cell_ov_tripp"], "the reference BMS has no defect 'no_cell_ov_tripp' (did you mean 'no_cell_ov_trip'?"),
    (["list"], "packbench list: PATH, or one of --signals"),
    (["list", "--signals", "s.yaml"], "packbench list: PATH cannot be combined with a catalogue."),
    (["list", "--signals", "--faults"], "packbench list: only one at a time is possible of [--signals,--faults"),
    (["device", "--link", "tcp"], "packbench device: --link tcp is unknown (expected pty, stdio or fd:N)."),
    (["device", "--dialect", "modbus"], "packbench device: the dialect 'modbus' is unknown (expected packlink)."),
    (["device", "--defect", "slow"], "packbench device: the defect 'slow' is unknown"),
    (["device", "--profile", "nowhere"], "nowhere"),
    (["serve", "--listen", "8080"], "packbench serve: --listen '8080' is not understood (expected ADDRESS:PORT"),
    (["serve", "--listen", "localhost:8080"], "'localhost' is a name, not an address. For this machine alone: --listen 127.0.0.1:8080; for every address of it: --listen 0.0.0.0:8080."),
    (["serve", "--listen", ":8080"], "the address is missing. For this machine alone: --listen 127.0.0.1:8080"),
    (["serve", "--listen", "localhost:web"], "--listen 'localhost:web' is not understood (expected ADDRESS:PORT"),
    (["serve", "--connections", "0"], "--connections: '0' is not usable (expected a whole number from 1 to 100000)."),
    (["serve", "--rate", "-1"], "--rate: '-1' is not usable (expected a number, zero or more)."),
    (["keys", "add", "--organization", "0"], "--organization: '0' is not usable (expected a whole number from 1 to 9007199254740991)."),
    (["serve", "--listen", "0.0.0.0:0"], "would send API keys and data over the network unencrypted. Give --tls-cert and --tls-key"),
    (["serve", "--timestamps", "extendd"], "--timestamps: 'extendd' is not usable (expected one of basic, extended; did you mean 'extended'?)."),
    (["keys"], "packbench keys: a command is missing (expected one of add, list, revoke)."),
    (["keys", "ad"], "packbench keys: unknown command 'ad' (expected one of add, list, revoke; did you mean 'add'?)."),
    (["keys", "revoke"], "packbench keys: ID is required."),
    (["keys", "add", "--scope", "all"], "packbench keys: --scope 'all' is not understood (expected one of devices:read"),
    (["keys", "list", "--store", "sqlite:nowhere.db"], "packbench keys: There is no store nowhere.db; 'packbench keys add --store sqlite:nowhere.db' makes it, with a first key."),
    (["--log-level", "loud", "ports"], "--log-level: 'loud' is not usable (expected one of trace, debug, info, warning, error, off)."),
])
def test_is_told_what_is_wrong(bench, arguments, words):
    bench.scenario("s")
    done = bench(*arguments)
    assert words in done.stderr
    assert done.returncode == 3
    assert done.stdout == ""


@pytest.mark.parametrize("uri, words", [
    ("can:0", "unknown device 'can:0' (expected one of inproc:, native:, stm32:, qemu:, exec:PROGRAM ARGS, pty:/dev/pts/3, serial:/dev/ttyACM0"),
    ("native", "unknown device 'native' (did you mean 'native:'?)"),
    ("", "unknown device ''"),
    ("inproc:fast", "'inproc:' takes nothing after the colon, but got 'fast'"),
    ("exec:", "'exec:' needs more after the colon (for example exec:PROGRAM ARGS)"),
    ("serial:/dev/ttyACM0,baud=fast", "serial:/dev/ttyACM0: baud=fast is not a usable rate (expected a whole number"),
    ("serial:/dev/ttyACM0,parity=odd", "parity"),
])
def test_a_device_that_cannot_be_understood_is_bad_input(bench, uri, words):
    done = bench("run", bench.scenario(), "--device", uri)
    assert words in done.stderr
    assert done.returncode == 3


@pytest.mark.parametrize("command", ["", "run", "simulate", "list", "validate", "device", "serve", "keys", "keys add", "keys list",
                                     "keys revoke", "gateway", "probe", "ports"])
def test_help_has_a_line_for_every_option_and_names_no_internal_type(bench, command):
    done = bench(*command.split(), "--help")
    assert done.returncode == 0
    assert done.stderr == ""
    for word in ("TEXT", "UINT", "FLOAT", "INT:", "INT in"):
        assert word not in done.stdout


@pytest.mark.parametrize("command", ["run", "serve", "keys", "keys add", "gateway", "probe"])
def test_help_of_what_talks_to_an_api_ends_with_exit_codes_and_an_example(bench, command):
    words = bench(*command.split(), "--help").stdout
    assert "\nExit code: 0 " in words and "3 bad input" in words
    assert f"packbench {command}" in words[words.index("\nExample"):]


def test_the_examples_of_the_help_stand_in_the_general_help_only(bench):
    assert "Exit codes: 0 pass, 1 fail, 2 inconclusive, 3 bad input" in bench("--help").stdout
    assert "Examples" not in bench("run", "--help").stdout


def test_version_names_the_program(bench):
    done = bench("--version")
    assert done.returncode == 0 and done.stdout.startswith("packbench ")
