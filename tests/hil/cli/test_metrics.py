"""The counters of a run, for a monitor."""
import re
import shutil
import subprocess


def values_of(text):
    return {line.rsplit(" ", 1)[0]: int(line.rsplit(" ", 1)[1]) for line in text.splitlines() if line[0] != "#"}


def verdicts_of(text):
    return {name[len('hil_scenarios_total{verdict="'):-2]: count for name, count in values_of(text).items() if name.startswith("hil_scenarios")}


def is_clean(text):
    """Each family with HELP and TYPE before its samples, counters named so; and by Prometheus's own linter, where it is installed."""
    helped = re.findall(r"^# HELP (\S+) \S.*\.\n# TYPE (\S+) counter$", text, re.M)
    assert [name for name, _ in helped] == ["hil_scenarios_total", "hil_step_overruns_total", "uart_frames_total"]
    assert all(one == other for one, other in helped) and text.endswith("\n")
    promtool = shutil.which("promtool")
    if promtool:
        checked = subprocess.run([promtool, "check", "metrics"], input=text, capture_output=True, text=True, timeout=60)
        assert checked.returncode == 0 and checked.stderr == "", checked.stderr


def test_a_run_counts_its_verdicts_and_its_frames(bench):
    done = bench("run", bench.scenario("good"), bench.failing(), "--device", "native:", "--device", "inproc:", "--metrics", "deep/run.prom", "--junit", "run.xml")
    assert done.returncode == 1
    text = (bench.folder / "deep/run.prom").read_text()
    is_clean(text)
    assert verdicts_of(text) == {"pass": 2, "fail": 2, "inconclusive": 0, "skipped": 0}
    values = values_of(text)
    assert values["hil_step_overruns_total"] == 0
    assert values['uart_frames_total{dir="out",result="good"}'] > 4 * 10 and values['uart_frames_total{dir="in",result="good"}'] > 4 * 10
    assert values['uart_frames_total{dir="in",result="damaged"}'] == 0


def test_steps_that_cannot_keep_their_time_are_counted(bench):
    """Nothing computes a thousand million times as fast as time: every step is late."""
    bench("run", bench.scenario(), "--speed", "1e12", "--metrics", "run.prom", "--out", "out")
    values = values_of((bench.folder / "run.prom").read_text())
    steps = bench.results("out")["runs"][0]["steps"]
    assert values["hil_step_overruns_total"] == steps - 1  # the first row is the start


def test_damaged_frames_are_counted(bench):
    faults = "faults:\n  - {line: from_device, kind: corrupt, value: 1e-3, at: 0 s}\n"
    bench.write("noisy.yaml", (bench.folder / bench.scenario("noisy", rest="5 s")).read_text() + faults)
    bench("run", "noisy.yaml", "--metrics", "run.prom")
    assert values_of((bench.folder / "run.prom").read_text())['uart_frames_total{dir="in",result="damaged"}'] > 0


def test_on_a_stream_they_are_written_once_at_the_end(bench):
    done = bench("run", bench.scenario("one"), bench.scenario("two"), "--metrics", "/dev/stdout")
    assert done.stdout.count("# HELP hil_scenarios_total") == 1
    assert 'hil_scenarios_total{verdict="pass"} 2' in done.stdout


def test_a_place_that_cannot_be_written_is_refused_before_anything_runs(bench):
    bench.write("file", "")
    for name, words in ((".", "--metrics '.' is a folder (expected a file)"), ("file/run.prom", "the folder 'file' cannot be created")):
        done = bench("run", bench.scenario(), "--metrics", name)
        assert done.returncode == 4 and done.stdout == "" and words in done.stderr
