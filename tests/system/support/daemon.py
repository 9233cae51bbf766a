"""The real binary: started with a written configuration, heard by its ready line, stopped by its process id."""
import os
import re
import select
import signal
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from support.toml_text import to_toml

ROOT = Path(__file__).resolve().parents[3]
BINARY = os.environ.get("SIGNPOSTD", str(ROOT / "build/dnsd/signpostd"))
SANITIZED = os.path.exists(BINARY) and b"__sanitizer_" in Path(BINARY).read_bytes()
START_TIME = 30  # seconds; sanitizers and 100,000 instances are slow to start
STOP_TIME = 20
NOBODY = "127.0.0.1:9"  # an upstream that refuses at once

# What a test does not say. `None` leaves a key out.
DEFAULTS = {
    "listen": {"addresses": ["127.0.0.1:0"]},
    "control": {"listen": "127.0.0.1:0"},
    "state": {"path": ""},
    "forward": {"upstreams": [NOBODY]},
}


def configuration(**sections):
    """DEFAULTS with `sections` laid over them, as TOML."""
    merged = {name: dict(keys) for name, keys in DEFAULTS.items()}
    for name, keys in sections.items():
        if isinstance(keys, list):
            merged[name] = keys
            continue
        merged.setdefault(name, {}).update(keys)
        merged[name] = {key: value for key, value in merged[name].items() if value is not None}
    return to_toml({name: keys for name, keys in merged.items() if keys})


def split_address(text):
    """`127.0.0.1:53` or `[::1]:53` as (host, port)."""
    host, port = text.rsplit(":", 1)
    return host.strip("[]"), int(port)


class DidNotStart(Exception):
    pass


class Daemon:
    """Running from __init__ to stop(). `folder` holds its configuration and its log."""

    def __init__(self, folder, arguments=(), environment=None, config=None, wrapper=(), **sections):
        self.folder = Path(folder)
        self.config_path = self.folder / "signpost.toml"
        self.log_path = self.folder / "log"
        self.write_config(config if config is not None else configuration(**sections))
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(
                [*wrapper, BINARY, "--config", str(self.config_path), *arguments],
                stdout=subprocess.PIPE, stderr=log, env={**os.environ, **(environment or {})})
        self.ready_line = self._read_ready_line()
        parts = dict(part.split("=", 1) for part in self.ready_line.split()[1:])
        self.udp = [split_address(text) for text in parts["udp"].split(",")]
        self.tcp = [split_address(text) for text in parts["tcp"].split(",")]
        self.control = split_address(parts["control"]) if "control" in parts else None

    def write_config(self, text):
        written = self.config_path.with_suffix(".new")
        written.write_text(text)
        written.rename(self.config_path)

    def reconfigure(self, **sections):
        self.write_config(configuration(**sections))
        self.send_signal(signal.SIGHUP)

    def send_signal(self, number):
        self.process.send_signal(number)

    @property
    def pid(self):
        return self.process.pid

    @property
    def address(self):
        return self.udp[0]

    @property
    def port(self):
        return self.udp[0][1]

    def log(self):
        return self.log_path.read_text(errors="replace")

    def wait_for_log(self, pattern, seconds=5):
        """The first match of `pattern` in the log; fails when it does not come."""
        return wait_until(lambda: re.search(pattern, self.log()), seconds,
                          lambda: f"no line matches {pattern!r}; the log:\n{self.log()}")

    def http(self, path, method="GET"):
        """(status, body) of the control port."""
        host, port = self.control
        request = urllib.request.Request(f"http://{host}:{port}{path}", method=method)
        try:
            with urllib.request.urlopen(request, timeout=5) as reply:
                return reply.status, reply.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def assert_memory_stays(self, before, most_more):
        """It has grown by no more than that since `before` was resident_bytes(). A sanitizer keeps what was freed."""
        grown = self.resident_bytes() - before
        assert SANITIZED or grown < most_more, f"it grew by {grown} bytes"

    def resident_bytes(self):
        with open(f"/proc/{self.pid}/statm", encoding="ascii") as statm:
            return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def is_running(self):
        return self.process.poll() is None

    def rest_of_output(self):
        """What it wrote to standard output after the ready line; call it when it has ended."""
        return self._ahead + self.process.stdout.read()

    def stop(self, how=signal.SIGTERM):
        """Ends it and hands back the exit code. Safe to call twice."""
        if self.is_running():
            self.send_signal(how)
        try:
            return self.process.wait(STOP_TIME)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"it did not stop within {STOP_TIME} s; the log:\n{self.log()}") from None

    def _read_ready_line(self):
        self._ahead = b""
        deadline = time.monotonic() + START_TIME
        while b"\n" not in self._ahead:
            readable, _, _ = select.select([self.process.stdout], [], [], max(0, deadline - time.monotonic()))
            chunk = os.read(self.process.stdout.fileno(), 4096) if readable else b""
            if not chunk:
                self.process.kill()
                code = self.process.wait()
                raise DidNotStart(f"no ready line (exit code {code}); the log:\n{self.log()}")
            self._ahead += chunk
        line, _, self._ahead = self._ahead.partition(b"\n")
        if not line.startswith(b"ready "):
            self.process.kill()
            self.process.wait()
            raise DidNotStart(f"expected a ready line, got {line!r}")
        return line.decode()


def run(*arguments, environment=None, seconds=20):
    """Runs the binary to its end: for --check, --version and refusals to start."""
    return subprocess.run([BINARY, *map(str, arguments)], capture_output=True, text=True, timeout=seconds,
                          check=False, env={**os.environ, **(environment or {})})


def wait_until(condition, seconds, complaint=lambda: "it did not happen", pause=0.02):
    """The first true value of `condition()`; fails with `complaint()` after `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < deadline, f"after {seconds} s: {complaint()}"
        time.sleep(pause)
