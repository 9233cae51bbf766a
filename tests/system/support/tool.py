"""The operator's tool, `signpost`, which is built beside the daemon."""
import json
import os
import subprocess
from pathlib import Path

from support.daemon import BINARY, NOBODY

TOOL = Path(BINARY).parent / "signpost"


class Said:
    """What it said: `status`, `out` and `err`."""

    def __init__(self, ended):
        self.status = ended.returncode
        self.raw = ended.stdout + ended.stderr
        self.out = ended.stdout.decode("ascii")
        self.err = ended.stderr.decode("ascii")

    def __repr__(self):
        return f"status {self.status}\n{self.out}\n{self.err}"

    @property
    def json(self):
        return json.loads(self.out)

    def row(self, first):
        """The cells of the table's row that begins with `first`."""
        (line,) = [line for line in self.out.splitlines() if line.startswith(first + " ")]
        return [cell.strip() for cell in line.split("  ") if cell]


def run_words(*words, environment=None, seconds=20):
    return Said(subprocess.run([TOOL, *map(str, words)], capture_output=True, timeout=seconds, check=False,
                               env={**os.environ, **(environment or {})}))


def run_tool(daemon, command, *words, control=True):
    """Asks this daemon; without `control`, of a control port where nobody is."""
    places = ["--server", "{}:{}".format(*daemon.address)]
    if command != "lookup":
        places += ["--control", "{}:{}".format(*daemon.control) if control and daemon.control else NOBODY]
    return run_words(command, *words, *places)
