"""Programs that a benchmark starts on loopback, and what it asks them."""
import contextlib
import http.client
import os
import pathlib
import re
import signal
import socket
import statistics
import subprocess
import time


class Running:
    """A child process; ended when the `with` block ends."""

    def __init__(self, command, **options):
        self.process = subprocess.Popen(command, **options)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()

    def cpu_s(self):
        """Processor time so far, of the program and what it started."""
        total = 0
        for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                fields = stat.read_text().rsplit(")", 1)[1].split()
                if self.process.pid in (int(stat.parent.name), int(fields[1])):
                    total += int(fields[11]) + int(fields[12])
        return total / os.sysconf("SC_CLK_TCK")


def wait_for(found, what, limit_s=30):
    """The first value of found() that is not None."""
    end = time.monotonic() + limit_s
    while time.monotonic() < end:
        value = found()
        if value is not None:
            return value
        time.sleep(0.02)
    raise SystemExit(f"{what} did not come within {limit_s} s")


def listens(port):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return port
    return None


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Serve(Running):
    """`serve` over a file, as a user runs it: its log goes to a file."""

    KEY = "key-of-the-benchmark-0123456789"

    def __init__(self, program, folder):
        self.log = pathlib.Path(folder) / "serve.log"
        self.store = pathlib.Path(folder) / "store.db"
        output = open(self.log, "wb")
        super().__init__(
            [program, "serve", "--listen", "127.0.0.1:0", "--store", f"sqlite:{self.store}", "--rate", "0"],
            stdout=output, stderr=output, env={**os.environ, "PACKBENCH_API_KEY": self.KEY})
        self.port = wait_for(self._port, "the server")

    def _port(self):
        found = re.search(r"listens on http://127\.0\.0\.1:(\d+)", self.log.read_text())
        return int(found[1]) if found else None

    def ask(self, method, target, body=None, fields=None):
        return ask(self.port, method, target, body, {"ApiKey": self.KEY, **(fields or {})})


def ask(port, method, target, body=None, fields=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    connection.request(method, target, body, fields or {})
    answer = connection.getresponse()
    content = answer.read()
    if answer.status >= 300:
        raise SystemExit(f"{method} {target}: {answer.status} {content[:300]!r}")
    return content


def raw_answer(port, target, key):
    """The bytes of an answer, header and body."""
    with socket.create_connection(("127.0.0.1", port)) as one:
        one.sendall(f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nApiKey: {key}\r\n\r\n".encode())
        got = b""
        while b"\r\n\r\n" not in got:
            got += one.recv(65536)
        size = int(re.search(rb"(?i)content-length: (\d+)", got)[1])
        while len(got) < got.index(b"\r\n\r\n") + 4 + size:
            got += one.recv(65536)
        return got


class FixedServer(Running):
    """The same answer for every request, by the same library."""

    def __init__(self, program, folder, answer):
        place, content = pathlib.Path(folder) / "fixed.port", pathlib.Path(folder) / "fixed.answer"
        content.write_bytes(answer)
        super().__init__([program, place, content])
        self.port = wait_for(lambda: int(place.read_text()) if place.exists() and place.read_text().endswith("\n") else None,
                             "the fixed server")


class Nginx(Running):
    """One worker that gives out one file for every target."""

    CONFIG = """
worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx.error;
events {{ worker_connections 1024; }}
http {{
  access_log {folder}/nginx.access;
  keepalive_requests 1000000000;
  sendfile on;
  tcp_nodelay on;
  default_type application/json;
  client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder}; uwsgi_temp_path {folder};
  scgi_temp_path {folder};
  server {{
    listen 127.0.0.1:{port};
    location / {{ root {folder}/www; try_files /answer.json =404; }}
  }}
}}
"""

    def __init__(self, folder, body):
        folder = pathlib.Path(folder)
        (folder / "www").mkdir()
        (folder / "www" / "answer.json").write_bytes(body)
        os.chmod(folder, 0o755)
        self.port = free_port()
        (folder / "nginx.conf").write_text(self.CONFIG.format(folder=folder, port=self.port))
        super().__init__(["/usr/sbin/nginx", "-c", folder / "nginx.conf", "-p", folder, "-e", folder / "nginx.error"])
        wait_for(lambda: listens(self.port), "nginx")


def wrk(port, target, connections, seconds, key=None):
    """Requests per second."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s"]
    if key:
        command += ["-H", f"ApiKey: {key}"]
    text = subprocess.run([*command, f"http://127.0.0.1:{port}{target}"], check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in text or "Socket errors" in text:
        raise SystemExit(f"wrk on {target}:\n{text}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1])


def add_device(serve):
    fields = {"Content-Type": "application/json"}
    serve.ask("POST", "/v1/devices", '{"deviceId":"D1","name":"D1","model":"m","location":"l"}', fields)


def ratio_line(name, ratios):
    spread = f"{min(ratios):.2f}..{max(ratios):.2f}"
    return f"  {name:<34} {statistics.median(ratios):6.2f}   ({spread}, {len(ratios)} rounds)"


class Influx(Running):
    """InfluxDB with its data in the folder, durable before it answers, and a database for the records."""

    CONFIG = """
reporting-disabled = true
bind-address = "127.0.0.1:{rpc}"
[meta]
  dir = "{folder}/meta"
[data]
  dir = "{folder}/data"
  wal-dir = "{folder}/wal"
  wal-fsync-delay = "0s"
  query-log-enabled = false
[http]
  bind-address = "127.0.0.1:{port}"
  log-enabled = false
[monitor]
  store-enabled = false
"""

    def __init__(self, folder):
        folder = pathlib.Path(folder) / "influx"
        folder.mkdir()
        self.port = free_port()
        (folder / "influx.conf").write_text(self.CONFIG.format(folder=folder, port=self.port, rpc=free_port()))
        log = open(folder / "log", "wb")
        super().__init__(["influxd", "-config", str(folder / "influx.conf")], stdout=log, stderr=log)
        wait_for(lambda: listens(self.port), "InfluxDB")
        ask(self.port, "POST", "/query?q=CREATE+DATABASE+packbench")
