"""A program that serves DNS, pinned to some CPUs: what it costs, what it holds, and its end."""
import os
import re
import signal
import socket
import subprocess
import time
from pathlib import Path

QUERY = b"\x00\x07\x01\x00\x00\x01" + 6 * b"\x00"


def question(name, number=1):
    """A query for `name` of the type `number`."""
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    return QUERY + labels + b"\x00" + number.to_bytes(2, "big") + b"\x00\x01"


def ask(port, packet, patience=1.0):
    """The reply, or nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(patience)
        client.connect(("127.0.0.1", port))
        try:
            client.send(packet)
            return client.recv(65535)
        except OSError:
            return None


class Server:
    """Runs from the start on; in a `with` it ends with it."""

    def __init__(self, command, port, log, cpus="0", probe="h1.example", nice=0):
        self.port = port
        self._log = open(log, "w", encoding="utf-8")
        where = ["nice", "-n", str(nice), "taskset", "-c", cpus]
        self._process = subprocess.Popen(where + [str(word) for word in command], stdout=self._log, stderr=self._log)
        self.pid = self._process.pid
        if probe:
            self.wait_for(question(probe))

    def wait_for(self, packet, seconds=15, pause=0.05):
        """Until there is a reply without an error; returns when that was, by time.monotonic()."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self._process.poll() is None:
            reply = ask(self.port, packet, 0.5)
            if reply and reply[3] & 15 == 0 and reply[7] > 0:
                return time.monotonic()
            time.sleep(pause)
        self.stop()
        raise RuntimeError(f"no answer on port {self.port}; {self._log.name} may say why")

    def threads(self):
        """CPU seconds of each thread, by its id."""
        out = {}
        for task in Path(f"/proc/{self.pid}/task").iterdir():
            try:
                out[int(task.name)] = int((task / "schedstat").read_text().split()[0]) / 1e9
            except OSError:
                pass  # it has ended meanwhile
        return out

    def cpu_seconds(self):
        return sum(self.threads().values())

    def control_seconds(self):
        """Of signpostd: its main thread's."""
        return self.threads()[self.pid]

    def workers(self):
        """Of signpostd: the threads that have answered by now. REQUIRES: a load of a second."""
        return [thread for thread, spent in self.threads().items() if thread != self.pid and spent > 0.02]

    def mib(self, part="VmRSS"):
        return int(re.search(part + r":\s+(\d+)", Path(f"/proc/{self.pid}/status").read_text())[1]) / 1024

    def stop(self):
        if self._process.poll() is None:
            os.kill(self.pid, signal.SIGTERM)
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._log.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
