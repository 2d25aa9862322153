"""`packbench probe` against a second implementation of the service (other_service.py), as a stranger would point it at one: what is right
passes, each defect is named by its own finding and by no other, and what could not be judged never passes."""
import json
import os
import resource
import signal
import socket
import subprocess
import time

import pytest

from other_service import KEY, OtherService

LIMIT_S = 100


class Probed:
    def __init__(self, bench, url, *arguments, quirks="xbattery-2025"):
        bench.environment.setdefault("PACKBENCH_API_KEY", KEY)
        done = subprocess.run(bench.command("probe", "--url", url, "--quirks", quirks, "--json", "probe.json", "--timeout", "1", *arguments),
                              cwd=bench.folder, env=bench.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=LIMIT_S)
        self.code, self.text, self.errors = done.returncode, done.stdout, done.stderr
        assert KEY not in self.text + self.errors + (bench.folder / "probe.json").read_text()
        self.report = json.loads((bench.folder / "probe.json").read_text())
        self.found = {grade: {one["check"] for one in self.report["findings"] if one["verdict"] == grade} for grade in ("warn", "fail")}

    def detail(self, check):
        return " ".join(one["detail"] for one in self.report["findings"] if one["check"] == check)


def probed(bench, *switches, arguments=(), **options):
    with OtherService(*switches) as service:
        found = Probed(bench, service.url, *arguments, **options)
        assert set(service.methods) == {"GET"}, "it wrote"
        found.requests = len(service.methods)
    return found


RIGHT = ["basic", "plain", "gzip", "chunked", "http10", "lower", "close", "early_hints", "slow", "throttled", "paged",
         "basic tells_ts period=0.5", "period=0.5 history=2000", "paged link page=1000 period=1 history=3000", "one_record"]


@pytest.mark.parametrize("switches", RIGHT)
def test_another_right_service_passes_without_a_remark(bench, switches):
    found = probed(bench, *switches.split())
    assert found.found == {"warn": set(), "fail": set()} and found.code == 0 and "Verdict: pass.\n" in found.text


def test_without_quirks_only_its_older_form_is_remarked_upon(bench):
    assert probed(bench, quirks="none").found == {"warn": set(), "fail": {"devices.fields", "records.fields", "telemetry.meta"}}
    assert probed(bench, "basic", quirks="none").found == {"warn": set(), "fail": set()}


REMARKED = {
    "age=3283200": {"telemetry.fresh"},
    "now_and_then_503": {"http.server_errors"},
    "skew=-7200": {"clock.server"},
    "skew=7200": {"clock.server"},
    "date_skew=3600": {"clock.server"},
    "frozen_clock": {"clock.server"},
    "no_date": {"clock.server"},
    "cells_do_not_add_up": {"records.sum"},
    "unknown_state": {"records.state"},
    "extra_fields": {"records.unknown"},
    "short_misses_one": {"telemetry.containment"},
    "out_of_order": {"telemetry.order"},
    "cell_too_many": {"records.cells"},
    "cells_vary": {"records.cells"},
    "shares_for_percent": {"records.units"},
    "fahrenheit": {"records.units"},
    "milliamperes": {"records.units"},
    "bare_is_empty": {"telemetry.bare"},
    "bare_is_old": {"telemetry.bare"},
    "ends_in_any_order": {"refusals.swapped"},
    "age=60 period=1": {"telemetry.gaps"},
    "all_an_hour_off history=9000 age=5": {"telemetry.range", "telemetry.range_extended", "telemetry.window", "telemetry.newest"},  # or a pack's clock
}


@pytest.mark.parametrize("switches", REMARKED)
def test_what_the_document_leaves_open_passes_with_a_finding(bench, switches):
    found = probed(bench, *switches.split())
    assert found.found == {"warn": REMARKED[switches], "fail": set()}
    assert found.code == 0 and "Verdict: pass with findings.\n" in found.text


WRONG = {
    "text_for_number": {"records.fields"},
    "cell_as_text": {"records.fields"},
    "no_soh": {"records.fields"},
    "null_id": {"records.fields"},
    "numeric_contactor": {"records.fields"},
    "soc_of_120": {"records.range"},
    "huge_number": {"records.range"},
    "ts_in_ms": {"records.arrival"},
    "other_device": {"records.device"},
    "long_misses_one": {"telemetry.containment"},
    "one_twice": {"telemetry.duplicates"},
    "meta_of_another": {"telemetry.meta"},
    "no_meta": {"telemetry.meta"},
    "success_as_text": {"devices.list"},
    "open": {"auth.no_key", "auth.wrong_key", "auth.telemetry"},
    "hour_is_500": {"telemetry.last1hour"},
    "nan": {"telemetry.last1hour"},
    "endless_header": {"telemetry.last1hour"},
    "endless_body": {"telemetry.last1hour"},
    "gigabyte": {"telemetry.last1hour"},
    "gzip_bomb": {"telemetry.last1hour"},
    "prints_key": {"telemetry.last1hour", "http.key_kept"},
    "unasked_coding": {"reach.http"},
    "always_503": {"reach.api"},
    "redirect": {"http.redirect", "http.key_kept"},
    "paged page_repeats_one": {"telemetry.duplicates", "limits.pages"},
    "paged page_skips_one": {"telemetry.containment", "telemetry.halves", "limits.pages"},
    "kelvin": {"records.range"},
    "values_change": {"records.same"},
    "latest_is_empty": {"telemetry.latest"},
    "latest_behind=3": {"telemetry.newest"},
    "windows_cut_at_30": {"telemetry.range", "telemetry.beginning"},
    "start_is_ignored period=2": {"telemetry.halves"},
}


@pytest.mark.parametrize("switches", WRONG)
def test_a_defect_fails_by_its_own_finding(bench, switches):
    found = probed(bench, *switches.split())
    assert found.found == {"warn": set(), "fail": WRONG[switches]}
    assert found.code == 1 and "Verdict: fail.\n" in found.text


# Answers that contradict each other, and what by the arrival alone is a remark.
APART = {
    "cut_at_100 period=5 age=5": ({"telemetry.beginning"}, {"limits.truncation"}),
    "latest_behind=1 period=2 age=9000": ({"telemetry.newest"}, {"telemetry.fresh"}),
    "end_is_ignored": ({"telemetry.halves", "telemetry.past"}, {"refusals.swapped"}),
    "range_is_the_last_hour period=2": ({"telemetry.halves", "telemetry.past"}, {"refusals.swapped"}),
    "range_in_whole_days period=2": ({"telemetry.halves"}, {"refusals.swapped"}),
    "range_an_hour_off": ({"telemetry.range_extended", "telemetry.halves", "telemetry.week"}, {"telemetry.range"}),
    "ends_are_swapped": ({"telemetry.range_extended", "telemetry.halves", "telemetry.week"}, {"telemetry.range", "refusals.swapped"}),
    "windows_an_hour_off history=9000 age=5": ({"telemetry.range", "telemetry.range_extended", "telemetry.halves"},
                                         {"telemetry.window", "telemetry.containment", "telemetry.newest"}),
    "windows_are_empty age=7200": ({"telemetry.nothing"}, set()),
    "hour_of_ten_minutes": ({"telemetry.range", "telemetry.beginning"}, {"telemetry.containment"}),
    "hour_of_five history=9000": ({"telemetry.range_extended", "telemetry.halves"}, {"telemetry.window"}),
}


@pytest.mark.parametrize("switches", APART)
def test_answers_that_contradict_each_other_fail(bench, switches):
    fail, warn = APART[switches]
    found = probed(bench, *switches.split())
    assert found.found == {"warn": warn, "fail": fail} and found.code == 1


@pytest.mark.parametrize("defect, words", [("pages_go_round", "the pages go round"), ("pages_without_end", "the pages have no end")])
def test_pages_that_never_end_are_named_after_a_few_requests(bench, defect, words):
    found = probed(bench, "paged", defect)
    assert words in found.detail("telemetry.last1hour") and found.code == 1
    assert found.requests < 80


@pytest.mark.parametrize("switch, words", [
    ("no_devices", "No record was seen"),
    ("empty", "No record was seen"),
    ("always_throttled", "goes on answering 429"),
])
def test_what_could_not_be_judged_is_exit_2_and_an_error_in_junit(bench, switch, words):
    found = probed(bench, switch, arguments=("--junit", "probe.xml"))
    assert found.code == 2 and "Verdict: inconclusive. " in found.text and words in found.report["reason"]
    assert found.found == {"warn": set(), "fail": set()}
    junit = (bench.folder / "probe.xml").read_text()
    assert 'errors="1"' in junit and '<error message="' in junit and words in junit


def test_a_service_that_streams_without_end_is_read_in_bounded_memory(bench):
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    for switch in ("gigabyte", "gzip_bomb", "many_values"):
        assert probed(bench, switch).code == 1
    # An answer of 16 MiB, twice while a buffer grows, and what the program is.
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss <= max(before, 150 * 1024)


def certificate(folder, *subject, days="30"):
    """A certificate that signs itself, with its key, as one PEM file."""
    place = folder / "certificate.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", days, "-keyout", place,
                    "-out", folder / "public.pem", "-subj", "/CN=test", *subject], check=True, capture_output=True)
    place.write_text(place.read_text() + (folder / "public.pem").read_text())
    return place


NAMED = ("-addext", "subjectAltName=DNS:localhost")


def test_a_certificate_that_is_trusted_passes_and_the_host_is_named(bench):
    with OtherService("basic", certificate=certificate(bench.folder, *NAMED)) as service:
        found = Probed(bench, service.url, "--ca", "public.pem")
        assert found.code == 0 and "with a valid certificate, for 29 days more" in found.detail("reach.tls")
        assert service.named == "localhost" and found.report["certificate_verified"] is True


@pytest.mark.parametrize("subject, trusted, words", [
    (NAMED, False, "self-signed certificate"),
    (("-addext", "subjectAltName=DNS:elsewhere"), True, "hostname mismatch"),
])
def test_a_certificate_that_is_not_accepted_fails_before_the_key_is_sent(bench, subject, trusted, words):
    with OtherService("basic", certificate=certificate(bench.folder, *subject)) as service:
        found = Probed(bench, service.url, *(("--ca", "public.pem") if trusted else ()))
        assert found.found["fail"] == {"reach.tls"} and words in found.detail("reach.tls") and found.code == 1
        assert service.asked == []
        careless = Probed(bench, service.url, "--insecure")
        assert careless.code == 0 and careless.found["warn"] == {"reach.tls"} and careless.report["certificate_verified"] is False
        assert "Verdict: pass with findings, the certificate was not verified.\n" in careless.text


def test_an_expired_certificate_is_named(bench):
    place = certificate(bench.folder, *NAMED, days="1")
    expired = subprocess.run(["openssl", "req", "-x509", "-key", place, "-subj", "/CN=test", *NAMED, "-days", "-1"], capture_output=True, text=True)
    if expired.returncode:
        pytest.skip("this openssl makes no expired certificates")
    (bench.folder / "public.pem").write_text(expired.stdout)
    place.write_text(place.read_text().split("-----BEGIN CERTIFICATE")[0] + expired.stdout)
    with OtherService("basic", certificate=place) as service:
        assert "certificate has expired" in Probed(bench, service.url, "--ca", "public.pem").detail("reach.tls")


def test_http_and_https_mistaken_for_each_other_say_so(bench):
    with OtherService("basic") as service:
        found = Probed(bench, service.url.replace("http:", "https:"))
        assert found.code == 2 and "perhaps it is http://, not https://" in found.report["reason"]


@pytest.mark.parametrize("change, verdict", [
    (lambda url: url + "/", 0),
    (lambda url: url.removesuffix("/v1"), 1),
    (lambda url: url.replace("127.0.0.1", "localhost"), 0),
])
def test_forms_of_the_url(bench, change, verdict):
    with OtherService("basic") as service:
        found = Probed(bench, change(service.url))
        assert found.code == verdict
        if verdict:
            assert found.found["fail"] == {"reach.api"} and "is /v1 missing at its end?" in found.detail("reach.api")


def test_an_address_of_version_6(bench):
    try:
        service = OtherService("basic", host="::1")
    except OSError:
        pytest.skip("no IPv6 here")
    with service:
        assert Probed(bench, service.url).code == 0


def test_proxies_of_the_environment_count_for_nothing(bench):
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        bench.environment[name] = "http://127.0.0.1:1/"
    assert probed(bench, "basic").code == 0


def test_a_host_that_is_not_known_and_one_that_never_answers_are_exit_2(bench):
    assert "its name is not known" in Probed(bench, "http://nowhere.invalid/v1").report["reason"]
    with socket.create_server(("127.0.0.1", 0)) as silent:
        found = Probed(bench, f"http://127.0.0.1:{silent.getsockname()[1]}/v1")
        assert found.code == 2 and "did not answer within" in found.report["reason"]


@pytest.mark.parametrize("key, words", [
    ("", "There is no API key: PACKBENCH_API_KEY is set and empty."),
    ("abc\n", "The API key in PACKBENCH_API_KEY ends with a line break"),
    ("two words", "The API key in PACKBENCH_API_KEY has a blank"),
    ("k" * 257, "The API key in PACKBENCH_API_KEY has 257 characters"),
])
def test_a_key_that_cannot_be_one_is_exit_3_and_not_shown(bench, key, words):
    bench.environment["PACKBENCH_API_KEY"] = key
    done = bench("probe", "--url", "http://127.0.0.1:1/v1")
    assert done.returncode == 3 and words in done.stderr and (not key or key not in done.stderr)


def test_an_interruption_keeps_what_was_found(bench):
    with OtherService("slow") as service:
        bench.environment["PACKBENCH_API_KEY"] = KEY
        probe = bench.start("probe", "--url", service.url, "--quirks", "xbattery-2025", "--json", "probe.json", stdout=subprocess.PIPE, text=True)
        end = time.monotonic() + LIMIT_S
        while len(service.asked) < 8 and time.monotonic() < end:
            os.sched_yield()
        probe.send_signal(signal.SIGINT)
        assert "Interrupted." in probe.communicate(timeout=LIMIT_S)[0] and probe.returncode == 130
    report = json.loads((bench.folder / "probe.json").read_text())
    assert report["interrupted"] and report["verdict"] == "inconclusive" and report["summary"]["fail"] == 0
