"""`packbench run --api https://...` and `packbench gateway` against `packbench serve` over TLS: whose certificate is accepted, and what is said."""
import subprocess

import pytest

from test_gateway import KEY, Gateway, Server
from test_probe_others import NAMED, certificate

WHAT_TO_DO = {
    "unknown authority": "Name a file with the certificate of its authority by --ca to trust it.",
    "itself": "Name a file with it by --ca to trust it.",
    "other host": "It was made for another host: reach the API under a name that is in it.",
}


def openssl(folder, *arguments):
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


def signed_certificate(folder):
    """authority.pem, and served.pem that it signed for localhost."""
    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    openssl(folder, "req", "-x509", *curve, "-keyout", "authority_key.pem", "-out", "authority.pem", "-subj", "/CN=authority")
    openssl(folder, "req", *curve, "-keyout", "key.pem", "-out", "request.pem", "-subj", "/CN=served")
    (folder / "names").write_text("subjectAltName=DNS:localhost")
    openssl(folder, "x509", "-req", "-in", "request.pem", "-CA", "authority.pem", "-CAkey", "authority_key.pem", "-CAcreateserial", "-extfile", "names",
            "-out", "served.pem", "-days", "2")


class SecureServer(Server):
    """Over TLS; reached by its name or its address."""

    def __init__(self, bench, certificate, key):
        super().__init__(bench, "--rate", "0", "--tls-cert", certificate, "--tls-key", key)
        self.by_address = self.url.replace("http:", "https:")
        self.by_name = self.by_address.replace("127.0.0.1", "localhost")


@pytest.fixture
def api(bench):
    bench.environment["PACKBENCH_API_KEY"] = KEY
    signed_certificate(bench.folder)
    server = SecureServer(bench, "served.pem", "key.pem")
    yield server
    server.end()


def run(bench, url, *options):
    scenario = bench.write("cloud.yaml", "scenario: cloud\nphases:\n  - rest: 3 s\nexpect:\n  - name: the cloud agrees\n    telemetry: consistent within 2 s\n")
    done = subprocess.run(bench.command("run", scenario, "--api", url, "--out", "out", *options), cwd=bench.folder, env=bench.environment,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=100)
    [check] = bench.run_of()["checks"]
    return done, check


def test_a_run_trusts_what_the_named_authority_signed(bench, api):
    done, check = run(bench, api.by_name, "--ca", "authority.pem")
    assert done.returncode == 0 and check["verdict"] == "pass" and check["limit"] == 2000, check["detail"]
    assert done.stderr == "" and bench.run_of()["notes"] == []


@pytest.mark.parametrize("place, options, why, words", [
    ("by_name", (), "unknown authority", "unable to get local issuer certificate"),
    ("by_address", ("--ca", "authority.pem"), "other host", "IP address mismatch"),
])
def test_a_run_sends_nothing_to_who_has_no_good_certificate(bench, api, place, options, why, words):
    done, check = run(bench, getattr(api, place), *options)
    assert done.returncode == 2 and check["verdict"] == "inconclusive"
    assert f"shows a certificate that is not accepted: {words}. {WHAT_TO_DO[why]}" in check["detail"], check["detail"]
    assert WHAT_TO_DO[why] in done.stdout
    openly = Server(bench, "--rate", "0")  # on the same store
    assert openly.devices() == []
    openly.end()


def test_a_certificate_that_signs_itself_is_its_own_authority(bench):
    bench.environment["PACKBENCH_API_KEY"] = KEY
    place = certificate(bench.folder, *NAMED)
    server = SecureServer(bench, place, place)
    done, check = run(bench, server.by_name)
    assert done.returncode == 2 and WHAT_TO_DO["itself"] in check["detail"], check["detail"]
    assert run(bench, server.by_name, "--ca", "public.pem")[0].returncode == 0
    server.end()


def test_an_insecure_run_says_so_everywhere(bench, api):
    done, check = run(bench, api.by_address, "--insecure", "--junit", "junit.xml")
    assert done.returncode == 0 and check["verdict"] == "pass", check["detail"]
    words = "certificate was not verified, as --insecure asks."
    assert done.stderr == f"packbench: the certificate of {api.by_address} is not verified, as --insecure asks.\n"
    assert bench.run_of()["notes"] == [f"Device API: its {words}"]
    assert "--insecure" in bench.run_of()["command"]
    for report in ("out/report.html", "junit.xml"):
        assert words in (bench.folder / report).read_text(), report


def test_a_gateway_delivers_only_to_who_has_a_good_certificate(bench, api):
    for place, options, why in ((api.by_name, (), "unknown authority"), (api.by_address, ("--ca", "authority.pem"), "other host")):
        gateway = Gateway(bench, place, *options)
        gateway.until("The API takes no records now")
        gateway.until(WHAT_TO_DO[why])
        code, rest = gateway.end()
        assert code == 0 and "delivered 0" in rest
    gateway = Gateway(bench, api.by_name, "--ca", "authority.pem")
    gateway.until_delivered()
    assert gateway.end()[0] == 0
