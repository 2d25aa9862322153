"""What the documents say works: every scenario in them, every command of the README."""
import os
import pathlib
import re
import shlex
import signal
import socket
import subprocess

import pytest

from conftest import REPOSITORY

READMES = sorted(path for path in REPOSITORY.rglob("README.md")
                 if not {"node_modules", "build", "out"} & set(path.relative_to(REPOSITORY).parts))


def blocks(path, language):
    return re.findall(rf"^```{language}\n(.*?)^```", path.read_text(), re.MULTILINE | re.DOTALL)


SNIPPETS = [pytest.param(text, id=f"{path.relative_to(REPOSITORY)}-{index}")
            for path in READMES for index, text in enumerate(blocks(path, "yaml")) if text.startswith("scenario:")]


def test_the_documents_show_a_scenario():
    assert SNIPPETS


@pytest.fixture
def shell(bench):
    """A folder with the scenarios and the measured data in it, as in a checkout."""
    (bench.folder / "scenarios").symlink_to(REPOSITORY / "scenarios")
    (bench.folder / "tests").mkdir()
    (bench.folder / "tests/data").symlink_to(REPOSITORY / "tests/data")
    return bench


@pytest.mark.parametrize("text", SNIPPETS)
def test_a_scenario_in_a_document_is_valid(shell, text):
    shell.write("snippet.yaml", text)
    done = shell("validate", "snippet.yaml")
    assert done.returncode == 0, done.stderr


def test_the_example_of_the_readme_passes(bench):
    [text] = [text for text in blocks(REPOSITORY / "README.md", "yaml") if text.startswith("scenario:")]
    bench.write("example.yaml", text)
    done = bench("run", "example.yaml", "--device", "inproc:", "--out", "out")
    assert done.returncode == 0, done.stdout
    assert {check["verdict"] for check in bench.run_of()["checks"]} == {"pass"}


def commands():
    section = (REPOSITORY / "README.md").read_text().split("## Using it")[1]
    block = re.search(r"```sh\n(.*?)```", section, re.DOTALL).group(1)
    return [line for line in block.splitlines() if re.match(r"(\w+=\w+ )?packbench ", line)]


def parts(line):
    """Environment, arguments and the comment behind a command line of the README."""
    line, _, comment = line.partition("#")
    words = shlex.split(line)
    environment = {}
    while "=" in words[0]:
        name, _, environment[name] = words.pop(0).partition("=")
    return environment, words[1:], comment


SERVERS = ("device", "serve")
ENDING = [line for line in commands() if parts(line)[1][0] not in SERVERS and "serial:" not in line]
LASTING = [line for line in commands() if parts(line)[1][0] in SERVERS]


@pytest.mark.parametrize("line", ENDING)
def test_a_command_of_the_readme_works(shell, line):
    environment, arguments, comment = parts(line)
    shell.environment.update(environment)
    done = shell(*arguments)
    assert done.returncode == (1 if "must fail" in comment else 0), done.stdout + done.stderr


@pytest.mark.parametrize("line", LASTING)
def test_a_server_of_the_readme_starts_and_ends_on_a_signal(shell, line):
    environment, arguments, _ = parts(line.replace("127.0.0.1:8080", "127.0.0.1:0"))
    shell.environment.update(environment)
    process = shell.start(*arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    first = process.stdout.readline()
    assert first.startswith("/dev/pts/") or "listens on http://127.0.0.1:" in first
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    process.stdout.close()


def test_a_board_of_the_readme_is_understood_and_missed(shell):
    [line] = [line for line in commands() if "serial:" in line]
    if os.path.exists("/dev/ttyACM0"):
        pytest.skip("there is a board that this test must not touch")
    done = shell(*parts(line)[1], "--filter", "*300 ms*")
    assert done.returncode == 2 and "there is no serial port '/dev/ttyACM0'" in done.stdout


def test_the_options_named_beside_the_commands_exist(shell):
    [named] = [comment for _, _, comment in map(parts, commands()) if "also --" in comment]
    for option in re.findall(r"--\w+", named):
        assert shell("list", option).returncode == 0


def test_the_device_api_of_the_readme_works_when_pasted(shell):
    [block] = [text for text in blocks(REPOSITORY / "README.md", "sh") if "packbench probe" in text]
    with socket.create_server(("127.0.0.1", 0)) as free:
        place = f"127.0.0.1:{free.getsockname()[1]}"
    path = f"{pathlib.Path(shell.program).parent}:{os.environ['PATH']}"
    done = subprocess.run(["bash", "-em"], input=block.replace("127.0.0.1:8080", place), cwd=shell.folder, env={**shell.environment, "PATH": path},
                          capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 pass, 0 fail" in done.stdout and "Verdict: pass with findings." in done.stdout
