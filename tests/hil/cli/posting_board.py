"""A board with a cloud connection of its own: the emulated BMS on a pseudo-terminal, and a poster that takes what it reports to a Device
API by itself, every PERIOD_S, as the defect says; what waits while the API is away goes out in order when it is back. Its first line is the path of the terminal.

posting_board.py PROGRAM URL DEVICE_ID [DEFECT]"""
import json
import os
import pty
import queue
import select
import struct
import subprocess
import sys
import threading
import time
import tty
import urllib.error
import urllib.request

PERIOD_S = 0.8
RETRY_S = 0.2
STATES = ["INIT", "STANDBY", "PRECHARGE", "IDLE", "DISCHARGING", "CHARGING", "BALANCING", "FULL", "FAULT", "FAULT_LATCHED"]
STATUS = struct.Struct("<HQIBHHHBBIQQQBiiHBBIi")
TURN = 8  # the record that has the defect, or the first one; the others are honest
UNNUMBERED = ("batches", "held", "hole", "no_time", "twice")


def bodies(decoder, data):
    """The COBS frames that end in `data`, without their delimiters."""
    decoder += data
    while (end := decoder.find(b"\0")) >= 0:
        frame, body, at = bytes(decoder[:end]), bytearray(), 0
        del decoder[:end + 1]
        while at < len(frame):
            code = frame[at]
            body += frame[at + 1:at + code]
            at += code
            if code < 255 and at < len(frame):
                body.append(0)
        yield bytes(body)


def record(body):
    """A STATUS as what a board would send: decimals of the wire."""
    (_, _, boot, _, soc, ocv, soh, state, bits, _, _, _, _, _, _, _, _, cells, sensors, pack, current) = STATUS.unpack_from(body, 4)
    values = struct.unpack_from(f"<{cells}H{sensors}i", body, 4 + STATUS.size)
    hottest = max(values[cells:cells + max(sensors - 1, 1)])
    return {"pack_voltage": pack / 1e4, "cell_voltage": [cell / 1e4 for cell in values[:cells]], "temperature": hottest / 1e3,
            "pack_current": current / 1e3, "soc": soc / 100, "ocv_soc": ocv / 100, "soh": 0 if soh == 0xFFFF else soh / 100,
            "bms_state": STATES[state], "main_contactor_state": bool(bits & 1), "charger_contactor_state": bool(bits & 2), "boot": boot}


class Poster:
    def __init__(self, url, device, defect):
        self.url, self.device, self.defect = url, device, defect
        self.count, self.held, self.old, self.batch = 0, None, None, []
        self.waiting = queue.Queue()
        threading.Thread(target=self.deliver, daemon=True).start()

    def deliver(self):
        while True:
            due, made = self.waiting.get()
            time.sleep(max(0, due - time.monotonic()))
            body = json.dumps(made).encode()
            request = urllib.request.Request(f"{self.url}/devices/{self.device}/telemetry", body, method="POST",
                                             headers={"ApiKey": os.environ["PACKBENCH_API_KEY"], "Content-Type": "application/json"})
            while not self.delivered(request) and self.defect != "forgetful":
                time.sleep(RETRY_S)

    @staticmethod
    def delivered(request):
        """False: the API is away; what it refuses for good is done with."""
        try:
            urllib.request.urlopen(request, timeout=10).close()
        except urllib.error.HTTPError as trouble:
            print(trouble, file=sys.stderr, flush=True)
            return trouble.code < 500
        except OSError as trouble:
            print(trouble, file=sys.stderr, flush=True)
            return False
        return True

    def take(self, made):
        skew_s = {"clock_ahead": 3600, "clock_behind": -3600}.get(self.defect, 0)
        now = time.time() + skew_s
        made["ts"] = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now)) + f".{int(now % 1 * 1000):03d}Z"
        made["seq"] = self.count
        self.count += 1
        if self.defect in UNNUMBERED:
            del made["boot"], made["seq"]
        if self.defect == "no_time":
            del made["ts"]
        self.send(made, self.count == TURN)
        if self.count == TURN - 5:
            self.old = dict(made)

    def send(self, made, turn):
        delay_s, defect = 0, self.defect if turn else ""
        if self.defect == "delay" and self.count > TURN:
            delay_s = 3
        if self.defect == "silent" or (self.defect == "gap" and TURN <= self.count < TURN + 5) or defect == "lost":
            return
        if self.defect == "hole" and TURN <= self.count < TURN + 3:
            return
        if self.defect == "batches" or (self.defect == "held" and TURN <= self.count <= TURN + 5):
            self.batch.append(made)
            if self.count % 2 == 0 if self.defect == "batches" else self.count == TURN + 5:
                self.put(self.batch)
                self.batch = []
            return
        if defect == "swap":
            self.held = made
            return
        if self.held:  # the values of two records change places, their times do not
            first, second = {**made, "ts": self.held["ts"], "seq": self.held["seq"]}, {**self.held, "ts": made["ts"], "seq": made["seq"]}
            self.held = None
            self.put(first)
            self.put(second)
            return
        if defect == "wrong_value":
            made["cell_voltage"][7] = round(made["cell_voltage"][7] + 0.05, 4)
        if defect == "wrong_state":
            made["bms_state"] = "CHARGING"
        if defect == "wrong_contactor":
            made["charger_contactor_state"] = not made["charger_contactor_state"]
        if self.defect == "stale" and self.count >= TURN:
            made = {**self.old, "ts": made["ts"], "seq": made["seq"]}
        self.put(made, delay_s)
        if defect in ("duplicate", "twice"):
            self.put(dict(made))

    def put(self, made, delay_s=0):
        self.waiting.put((time.monotonic() + delay_s, made))


def main(program, url, device, defect=""):
    poster = Poster(url, device, defect)
    bench, line = pty.openpty()
    tty.setraw(line)
    print(os.ttyname(line), flush=True)
    bms = subprocess.Popen([program, "device", "--link", "stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
    decoder, due = bytearray(), 0
    try:
        while bms.poll() is None:
            for source in select.select([bench, bms.stdout], [], [])[0]:
                if source is bench:
                    bms.stdin.write(os.read(bench, 65536))
                    continue
                data = os.read(bms.stdout.fileno(), 65536)
                os.write(bench, data)
                for body in bodies(decoder, data):
                    if body[:1] == b"\x82" and time.monotonic() >= due:
                        due = time.monotonic() + PERIOD_S
                        poster.take(record(body))
    finally:
        bms.kill()


if __name__ == "__main__":
    main(*sys.argv[1:])
