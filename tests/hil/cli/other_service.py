"""A second implementation of the Device API, in the older form of the real service: a front of an API manager with its two texts of a
401, a document store behind it (`_ts` in whole seconds of arrival, ids that lost hyphens, `ocv soc`, no Device_id, no extensions).

`OtherService("gzip", "skew=-7200")` serves on a free port what its switches ask for; `python3 other_service.py SWITCH...` does it by hand.
Records are a function of time, so that they go on arriving. Switches change values (RECORD), answers (ANSWER), windows (WINDOW), what they are
asked for (SPAN) or the bytes on the line (`Handler.answer`)."""
import datetime
import gzip
import http.server
import json
import math
import ssl
import sys
import threading
import time
import urllib.parse
import uuid

KEY = "0f76d0123456789abcdef0123456789a"
DEVICE = "STM32H753ZI"
MISSING = "Access denied due to missing subscription key. Make sure to include subscription key when making requests to an API."
INVALID = "Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription."
WINDOWS = {"latest": None, "last5mins": 300, "last1hour": 3600, "last7days": 604800}


def stamp(seconds, form="extended"):
    text = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return text if form == "extended" else text.replace("-", "").replace(":", "")


def identity(number):
    text = str(uuid.UUID(int=(number * 0x9E3779B97F4A7C15) & (2**128 - 1), version=4))
    return text if number % 2 else text[:8] + text[9:13] + "-" + text[14:18] + text[19:]  # two hyphens were lost at line ends


def set_to(**members):
    return lambda record: record.update(members)


def drop(key):
    return lambda record: record.pop(key, None)


def first_cell(value):
    return lambda record: record["cell_voltage"].__setitem__(0, value)


RECORD = {
    "text_for_number": set_to(soc="21.02"),
    "cell_as_text": first_cell("2.7"),
    "no_soh": drop("soh"),
    "soc_of_120": set_to(**{"soc": 120, "ocv soc": 100}),
    "cells_do_not_add_up": set_to(pack_voltage=38),
    "unknown_state": set_to(bms_state="EQUALISING"),
    "extra_fields": set_to(_rid="a", _etag="b"),
    "ts_in_ms": lambda record: record.update(_ts=record["_ts"] * 1000),
    "other_device": set_to(deviceId="BMS-2"),
    "null_id": set_to(id=None),
    "numeric_contactor": set_to(main_contactor_state=1),
    "huge_number": set_to(pack_voltage=1e300),
    "cell_too_many": lambda record: record["cell_voltage"].append(0),
    "cells_vary": lambda record: record.update(cell_voltage=[3.29] * (15 + record["_ts"] // 10 % 2), pack_voltage=49.35 + 3.29 * (record["_ts"] // 10 % 2)),
    "shares_for_percent": set_to(**{"soc": 0.52, "ocv soc": 0.53}),
    "kelvin": set_to(temperature=300.465),
    "fahrenheit": set_to(temperature=81.167),
    "milliamperes": set_to(pack_current=-10500),
}


def of_window(name, change):
    """A change of the records of one window."""
    return lambda asked, records: change(records) if asked == name else records


WINDOW = {
    "short_misses_one": of_window("last5mins", lambda found: found[:3] + found[4:]),
    "long_misses_one": of_window("last7days", lambda found: found[:-4] + found[-3:]),
    "one_twice": of_window("last1hour", lambda found: found[:3] + found[2:]),
    "out_of_order": of_window("last1hour", lambda found: found[:2] + [found[3], found[2]] + found[4:]),
    "latest_is_empty": of_window("latest", lambda found: []),
    "windows_are_empty": lambda asked, found: [] if asked else found,
    "windows_cut_at_30": lambda asked, found: found[-30:] if asked else found,
    "latest_is_two": of_window("latest", lambda found: found * 2),
    "cut_at_100": lambda asked, found: found[-100:],
}

# Changes of what is asked for: (since, until) by the name of the window, "" for start and end, and the time.
SPAN = {
    "range_is_the_last_hour": lambda asked, span, now: span if asked else (now - 3600, now),
    "start_is_ignored": lambda asked, span, now: span if asked else (0, span[1]),
    "end_is_ignored": lambda asked, span, now: span if asked else (span[0], now),
    "ends_are_swapped": lambda asked, span, now: span if asked else (span[1], span[0]),
    "ends_in_any_order": lambda asked, span, now: span if asked else (min(span), max(span)),
    "range_an_hour_off": lambda asked, span, now: span if asked else (span[0] - 3600, span[1] - 3600),
    "windows_an_hour_off": lambda asked, span, now: (span[0] - 3600, span[1] - 3600) if asked in ("last5mins", "last1hour") else span,
    "all_an_hour_off": lambda asked, span, now: span if asked == "latest" else (span[0] - 3600, span[1] - 3600),
    "range_in_whole_days": lambda asked, span, now: span if asked else (span[0] - 86400, span[1] + 86400),
    "hour_of_ten_minutes": lambda asked, span, now: (now - 600, now) if asked == "last1hour" else span,
    "hour_of_five": lambda asked, span, now: (now - 18000, now) if asked == "last1hour" else span,
}

ANSWER = {
    "meta_of_another": lambda body: body.get("meta", {}).update(deviceId="BMS-2") if "meta" in body else None,
    "no_meta": lambda body: body.pop("meta", None),
    "success_as_text": lambda body: body.update(success="true"),
    "frozen_clock": lambda body: body["meta"].update(timestamp=stamp(1_700_000_000)) if "meta" in body else None,
}


class Handler(http.server.BaseHTTPRequestHandler):
    wbufsize, disable_nagle_algorithm = -1, True  # an answer in one piece, or in pieces that do not wait for each other

    def log_message(self, *_):
        pass

    def parse_request(self):
        good = super().parse_request()
        if good:
            self.server.methods.append(self.command)
            self.server.asked.append(self.path)
        return good

    def on(self, switch):
        return self.server.on(switch)

    def now(self):
        return time.time() + float(self.server.value("skew", 0))

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.fail(405, "Operation not allowed")

    def do_GET(self):
        self.server.count += 1
        place = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(place.query))
        parts = [urllib.parse.unquote(part) for part in place.path.strip("/").split("/")]
        if self.trouble(query):
            return
        if parts[0] != "v1" or len(parts) < 2:
            return self.fail(404, "Resource not found")
        if (key := self.headers.get("ApiKey")) != KEY and not self.on("open"):
            return self.fail(401, INVALID if key else MISSING)
        if parts[1:] == ["devices"]:
            return self.good({"success": True, "data": self.devices()})
        if len(parts) == 4 and parts[1] == "devices" and parts[3] == "telemetry":
            return self.telemetry(parts[2], query)
        self.fail(404, "Resource not found")

    def trouble(self, query):
        """What a front or a network does; true when it has answered."""
        asked = query.get("timeRange")
        if self.on("slow"):
            time.sleep(0.05)
        if self.on("redirect"):
            self.fail(301, "moved", Location="https://elsewhere.example/?key=" + str(self.headers.get("ApiKey")))
        elif self.on("throttled") and self.server.count % 7 == 0:
            self.fail(429, "Rate limit is exceeded. Try again in 1 seconds.", **{"Retry-After": "0"})
        elif self.on("always_throttled") and self.server.count > 6:
            self.fail(429, "Rate limit is exceeded. Try again in 1 seconds.", **{"Retry-After": "0"})
        elif self.on("now_and_then_503") and self.server.count % 9 == 0:
            self.fail(503, "Service unavailable")
        elif self.on("always_503"):
            self.fail(503, "Service unavailable")
        elif self.on("hour_is_500") and asked == "last1hour":
            self.fail(500, "Internal server error")
        elif self.on("echoes_key") and self.headers.get("ApiKey") not in (None, KEY):
            self.fail(401, "unknown key " + self.headers["ApiKey"])
        elif self.on("prints_key") and asked == "last1hour":
            self.fail(500, "failed for ApiKey " + str(self.headers.get("ApiKey")))
        elif self.on("nan") and asked == "last1hour":
            self.raw(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 34\r\n\r\n" + b'{"success":true,"data":[{"soc":NaN')
        elif self.on("endless_header") and asked == "last1hour":
            self.drip(b"HTTP/1.1 200 OK\r\nX-Long: ", b"x", 0.01)
        elif self.on("endless_body") and asked == "last1hour":
            self.drip(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n", 0.01)
        elif self.on("gigabyte") and asked == "last1hour":
            self.drip(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n", b" " * 65536, 0)
        elif self.on("gzip_bomb") and asked == "last1hour":
            self.raw(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(BOMB)
                     + BOMB)
        elif self.on("many_values") and asked == "last1hour":
            self.send(200, b"[" + b"0," * 5_000_000 + b"0]", {})
        elif self.on("early_hints"):
            self.wfile.write(b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n")
            return False
        else:
            return False
        return True

    def raw(self, text):
        self.wfile.write(text)
        self.close_connection = True

    def drip(self, start, more, pause):
        self.close_connection = True
        try:
            self.wfile.write(start)
            while not self.server.ending:
                self.wfile.write(more)
                self.wfile.flush()
                time.sleep(pause)
        except OSError:
            pass

    def devices(self):
        if self.on("no_devices"):
            return []
        form = "basic" if self.on("basic") else "extended"
        organization = 1 if self.on("basic") else "xbattery"
        return [{"DeviceId": DEVICE, "OrganizationId": organization, "Name": "pack", "Model": "BESS", "Location": "Delhi",
                 "LastConnected": stamp(self.now(), form), "Status": "enabled", "CreatedAt": stamp(1_740_042_234.49, form),
                 "UpdatedAt": stamp(1_740_042_234.133, form)}]

    def numbers(self, since, until):
        """Of the records that arrived in [since, until): one a period, until the newest."""
        period = float(self.server.value("period", 10))
        newest = self.now() - float(self.server.value("age", 0)) - 0.3
        if self.on("empty"):
            return []
        first = self.server.born - float(self.server.value("history", 1200))
        if self.on("one_record"):
            first = newest - 100
            newest = first + period
        start = math.ceil(max(since, first - float(self.server.value("age", 0))) / period)
        return range(start, min(math.ceil(until / period), int(newest / period) + 1))

    def record(self, number):
        at = number * float(self.server.value("period", 10))
        wave = number % 20 / 1000
        cells = [round(3.28 + wave + cell / 1000, 4) for cell in range(15)]
        made = {"deviceId": DEVICE, "pack_voltage": round(sum(cells) - 0.05, 4), "cell_voltage": cells, "temperature": 27.315,
                "pack_current": 0, "soc": 50 + number % 10, "ocv soc": 52.5, "soh": 0, "bms_state": "DISCHARGING",
                "main_contactor_state": True, "charger_contactor_state": False, "id": identity(number),
                "_ts": int(at)}
        if self.on("basic"):
            made["Device_id"], made["ocv_soc"] = "BMS_DEVICE_1", made.pop("ocv soc")
        if self.on("tells_ts"):
            made["ts"] = stamp(at)
        if self.on("values_change"):
            made["soc"] += self.server.count % 7 / 10
        for switch in self.server.switches & RECORD.keys():
            RECORD[switch](made)
        return made

    def telemetry(self, device, query):
        if device != DEVICE:
            return self.fail(404, "Device not found")
        now, asked = self.now(), query.get("timeRange", "latest" if "start" not in query else "")
        if asked and asked not in WINDOWS:
            return self.fail(400, "Invalid timeRange")
        try:
            if not asked:
                since, until = (datetime.datetime.fromisoformat(query[name]).timestamp() for name in ("start", "end"))
        except (ValueError, KeyError):
            return self.fail(400, "Invalid date")
        if asked == "latest":
            since, until = 0, now
        elif asked:
            since, until = now - WINDOWS[asked], now
        for switch in self.server.switches & SPAN.keys():
            since, until = SPAN[switch](asked, (since, until), now)
        if self.on("paged") and "cursor" in query:
            at, turn, since, until = json.loads(query["cursor"])  # a cursor holds the window of its first page
        else:
            at, turn = 0, 0
        numbers = self.numbers(since, until)
        if asked == "latest":
            behind = int(self.server.value("latest_behind", 0)) or (4 if self.on("bare_is_old") and not query else 0)
            numbers = [] if self.on("bare_is_empty") and not query else list(numbers)[:-behind or None][-1:]
        found = [self.record(number) for number in numbers]
        for switch in self.server.switches & WINDOW.keys():
            found = WINDOW[switch](asked, found)
        fields = {}
        if self.on("paged"):
            found, following = self.page(found, at, int(query.get("limit", self.server.value("page", 50))))
            if following is not None:
                turn += 1 if self.on("pages_without_end") else 0
                cursor = json.dumps([following, turn, since, until])
                fields = ({"Link": f'<{self.path.partition("?")[0]}?cursor={urllib.parse.quote(cursor)}>; rel="next"'} if self.on("link")
                          else {"X-Next-Cursor": cursor})
        meta = {"organizationId": "xbattery", "deviceId": device, "timestamp": stamp(now)}
        if self.on("basic"):
            meta = {"organizationId": 1, "deviceId": device, "timeRange": asked or "custom", "timestamp": stamp(now, "basic")}
        self.good({"success": True, "data": found, "meta": meta}, **fields)

    def page(self, found, at, limit):
        """A part of what was found, and where the next one begins."""
        following = at + limit if at + limit < len(found) else None
        if self.on("pages_go_round") and len(found) > limit:
            following = limit if at == 0 else 0
        if self.on("pages_without_end") and len(found) > limit:
            following = 0  # under a new cursor every time
        if self.on("page_skips_one") and following:
            following += 1
        return found[max(at - 1, 0) if self.on("page_repeats_one") else at:at + limit], following

    def good(self, body, **fields):
        for switch in self.server.switches & ANSWER.keys():
            ANSWER[switch](body)
        self.send(200, json.dumps(body).encode(), fields)

    def fail(self, code, message, **fields):
        self.send(code, json.dumps({"statusCode": code, "message": message}).encode(), fields)

    def send(self, code, body, fields):
        fields = {"Content-Type": "application/json; charset=utf-8", **fields}
        if not self.on("no_date"):
            fields["Date"] = self.date_time_string(self.now() + float(self.server.value("date_skew", 0)))
        if self.on("gzip"):
            body, fields["Content-Encoding"] = gzip.compress(body, 1), "gzip"
        if self.on("unasked_coding"):
            fields["Content-Encoding"] = "br"
        if self.on("lower"):
            fields = {name.lower(): value for name, value in fields.items()}
        self.send_response_only(code)
        if not self.on("chunked") and not self.on("http10"):
            fields["Content-Length"] = len(body)
        if self.on("chunked"):
            fields.update({"Transfer-Encoding": "chunked", "Trailer": "X-Sum"})
        if self.on("close") or self.on("http10"):
            fields["Connection"] = "close"
            self.close_connection = True
        for name, value in fields.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(self.chunks(body) if self.on("chunked") else body)

    @staticmethod
    def chunks(body):
        parts = [body[at:at + 1000] for at in range(0, len(body), 1000)]
        return b"".join(b"%x;n=1\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\nX-Sum: 1\r\n\r\n"


BOMB = gzip.compress(b" " * (64 * 1024 * 1024), 1)


class Listener(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        pass


class Listener6(Listener):
    import socket
    address_family = socket.AF_INET6


class OtherService:
    def __init__(self, *switches, certificate=None, port=0, host="127.0.0.1"):
        handler = type("Handler", (Handler,), {"protocol_version": "HTTP/1.0" if "http10" in switches else "HTTP/1.1"})
        self.listener = (Listener6 if ":" in host else Listener)((host, port), handler)
        self.listener.switches = {switch.partition("=")[0] for switch in switches}
        values = dict(switch.split("=") for switch in switches if "=" in switch)
        self.listener.on = self.listener.switches.__contains__
        self.listener.value = values.get
        self.listener.methods, self.listener.asked, self.listener.count, self.listener.ending = [], [], 0, False
        self.listener.born = time.time() + float(values.get("skew", 0))
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            context.sni_callback = lambda _, name, __: setattr(self, "named", name)
            self.listener.socket = context.wrap_socket(self.listener.socket, server_side=True, do_handshake_on_connect=False)
        scheme = "https" if certificate else "http"
        self.port = self.listener.server_address[1]
        self.url = f"{scheme}://{'[::1]' if ':' in host else 'localhost' if certificate else host}:{self.port}/v1"
        self.thread = threading.Thread(target=self.listener.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self.thread.start()

    @property
    def methods(self):
        return self.listener.methods

    @property
    def asked(self):
        return self.listener.asked

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.ending = True
        self.listener.shutdown()
        self.listener.server_close()


if __name__ == "__main__":
    service = OtherService(*sys.argv[1:], port=8090)
    print(service.url, "key", KEY, flush=True)
    service.thread.join()
