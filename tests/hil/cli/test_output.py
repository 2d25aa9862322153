"""Reports and traces: whole or not at all, and a sentence when they cannot be."""
import os
import pathlib
import resource
import stat
import subprocess

import pytest

from conftest import files_in, nothing_half_written


@pytest.fixture
def mounted():
    """Mounts onto a folder for the time of a test; skips where that is not allowed."""
    done = []

    def mount(folder, *arguments):
        pathlib.Path(folder).mkdir(exist_ok=True)
        tried = subprocess.run(["mount", *arguments, str(folder)], capture_output=True, text=True)
        if tried.returncode != 0:
            pytest.skip("nothing can be mounted here: " + tried.stderr.strip())
        done.append(folder)
        return folder

    yield mount
    for folder in done:
        subprocess.run(["umount", str(folder)], check=True)


def test_a_run_leaves_its_reports_and_traces_and_nothing_else(bench):
    done = bench("run", bench.scenario(), "--device", "inproc:", "--out", "deep/out", "--junit", "ci/tests.xml")
    assert done.returncode == 0 and "report: deep/out/report.html" in done.stdout
    assert files_in(bench.folder) == ["ci/tests.xml", "deep/out/junit.xml", "deep/out/report.html", "deep/out/results.json",
                                      "deep/out/traces/001-short-inproc.csv", "deep/out/traces/001-short-inproc.h5", "short.yaml"]


def test_without_out_nothing_is_written(bench):
    bench("run", bench.scenario())
    assert files_in(bench.folder) == ["short.yaml"]


def test_a_folder_below_a_file_is_refused_before_anything_runs(bench):
    bench.write("file", "")
    done = bench("run", bench.scenario(), "--out", "file/out")
    assert done.returncode == 4 and done.stdout == ""
    assert done.stderr == "packbench: the folder 'file/out/traces' cannot be created: Not a directory\n"


def test_a_junit_path_that_is_a_folder_is_refused_before_anything_runs(bench):
    done = bench("run", bench.scenario(), "--junit", ".")
    assert done.returncode == 4 and done.stdout == ""
    assert done.stderr == "packbench: --junit '.' is a folder (expected a file)\n"


def test_a_read_only_folder_is_refused_before_anything_runs(bench, mounted):
    folder = mounted(bench.folder / "out", "-t", "tmpfs", "-o", "size=1m,ro", "none")
    done = bench("run", bench.scenario(), "--out", "out")
    assert done.returncode == 4 and done.stdout == ""
    assert done.stderr == "packbench: the folder 'out/traces' cannot be created: Read-only file system\n"
    assert files_in(folder) == []


def test_a_folder_that_this_user_may_not_write_is_refused_before_anything_runs(bench):
    if os.geteuid() == 0:
        pytest.skip("permissions do not bind root")
    (bench.folder / "out").mkdir(mode=0o555)
    done = bench("run", bench.scenario(), "--out", "out")
    assert done.returncode == 4 and "cannot be created: Permission denied" in done.stderr


def test_a_full_folder_is_refused_before_anything_runs(bench, mounted):
    folder = mounted(bench.folder / "out", "-t", "tmpfs", "-o", "size=4k", "none")
    (folder / "traces").mkdir()
    with open(folder / "ballast", "wb", buffering=0) as ballast, pytest.raises(OSError):
        while True:
            ballast.write(bytes(4096))
    done = bench("run", bench.scenario(), "--out", "out")
    assert done.returncode == 4 and done.stdout == ""
    assert done.stderr == "packbench: nothing can be written to the folder 'out/traces': No space left on device\n"
    assert files_in(folder) == ["ballast"]


@pytest.mark.parametrize("size", ["32k", "128k", "256k", "512k", "1m"])
def test_a_folder_that_runs_full_is_exit_4_and_what_is_there_is_whole(bench, mounted, size):
    folder = mounted(bench.folder / "out", "-t", "tmpfs", "-o", f"size={size}", "none")
    done = bench("run", bench.scenario("long", rest="2 h"), "--device", "native:", "--out", "out")
    assert done.returncode == 4
    assert "could not be written: " in done.stderr and "No space left on device" in done.stderr
    nothing_half_written(folder)
    whole_reports(folder)


def test_a_run_whose_trace_cannot_be_begun_is_in_the_report_that_can_be_written(bench, mounted):
    mounted(bench.folder / "out", "-t", "tmpfs", "-o", "size=64k", "none")
    done = bench("run", bench.scenario("one"), bench.scenario("two"), "--out", "out", "--junit", "junit.xml")
    assert done.returncode == 4
    assert done.stdout.count("The trace file could not be written: ") == 2
    junit = (bench.folder / "junit.xml").read_text()
    assert 'name="one on native:"' in junit and 'name="two on native:"' in junit and "No space left on device" in junit


def whole_reports(folder):
    for name, end in {"results.json": "}", "junit.xml": "</testsuites>", "report.html": "</html>"}.items():
        if (folder / name).exists():
            assert (folder / name).read_text().rstrip().endswith(end)
    assert [name for name in files_in(folder) if name.endswith((".h5", ".csv"))] == []


def test_a_limit_on_the_size_of_files_is_exit_4_and_nothing_is_half_written(bench):
    limit = 60_000  # bytes: less than the report page
    done = bench("run", bench.scenario(), "--device", "native:", "--out", "out",
                 preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
    assert done.returncode == 4
    assert "could not be written: " in done.stderr and "File too large" in done.stderr
    nothing_half_written(bench.folder)
    assert not (bench.folder / "out/report.html").exists()


def test_a_report_that_cannot_be_written_leaves_the_older_one(bench):
    (bench.folder / "out").mkdir()
    bench.write("out/report.html", "older")
    limit = 60_000
    bench("run", bench.scenario(), "--out", "out", preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
    assert (bench.folder / "out/report.html").read_text() == "older"


def test_a_link_in_place_of_a_report_stays_a_link(bench):
    (bench.folder / "latest.xml").symlink_to("archive.xml")
    assert bench("run", bench.scenario(), "--junit", "latest.xml").returncode == 0
    assert (bench.folder / "latest.xml").is_symlink()
    assert (bench.folder / "archive.xml").read_text().startswith("<?xml")


def test_a_second_run_into_the_same_folder_replaces_the_first(bench):
    name = bench.scenario()
    bench("run", name, "--out", "out", "--seed", "1")
    assert bench("run", name, "--out", "out", "--seed", "2").returncode == 0
    assert bench.run_of()["seed"] == 2
    nothing_half_written(bench.folder)


def test_reports_are_readable_by_others_as_the_mask_allows(bench):
    bench("run", bench.scenario(), "--out", "out", preexec_fn=lambda: os.umask(0o022))
    assert stat.S_IMODE(os.stat(bench.folder / "out/results.json").st_mode) == 0o644
