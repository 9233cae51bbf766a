"""The stub resolvers people use, each as a small program of `stubs/` that looks names up and says what it heard."""
import os
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

PROGRAMS = Path(__file__).resolve().parent.parent / "stubs"


@dataclass(frozen=True)
class Stub:
    """command   `{program}` is its source, `{built}` what `build` makes, `{folder}` where.
    needs     the executables or files without which it is skipped
    asks      what it can be asked for; ANY is both families at once
    searches  whether it reads the search list
    """

    name: str
    command: tuple
    needs: tuple = ()
    build: tuple = ()
    asks: tuple = ("A", "AAAA", "ANY", "SRV")
    searches: bool = True
    environment: dict = field(default_factory=dict, hash=False)

    def __str__(self):
        return self.name


def _compiled(name, compiler, source, *libraries, needs=()):
    return Stub(name, ("{built}",), (compiler, *needs), (compiler, "-O", "-o", "{built}", source, *libraries))


STUBS = [
    _compiled("glibc", "gcc", "c_library.c", "-lresolv"),
    _compiled("musl", "musl-gcc", "c_library.c"),
    _compiled("c-ares", "gcc", "c_ares.c", "-lcares", needs=("/usr/include/ares.h",)),
    Stub("go", ("{built}",), ("go",), ("go", "build", "-o", "{built}", "resolve.go"),
         environment={"GODEBUG": "netdns=go", "GO111MODULE": "off", "GOFLAGS": "", "GOTOOLCHAIN": "local"}),
    Stub("node's own", ("node", "{program}/resolve.js", "resolve"), ("node",), asks=("A", "AAAA", "SRV"), searches=False),
    Stub("node's lookup", ("node", "{program}/resolve.js", "lookup"), ("node",), asks=("A", "AAAA", "ANY")),
    Stub("java", ("java", "-cp", "{folder}", "Resolve"), ("java", "javac"), ("javac", "-d", "{folder}", "Resolve.java")),
    Stub("python", ("/usr/bin/python3", "{program}/resolve.py")),
]


@dataclass(frozen=True)
class Heard:
    """What came of one look-up: `found` with values, `none` (there is no such name or record), or `failed`."""

    took: int  # milliseconds
    what: str
    values: tuple

    @property
    def sorted(self):
        return sorted(set(self.values))


class StubClients:
    """Builds each stub once, in `folder`, and runs it in `namespace`."""

    def __init__(self, folder, namespace):
        self._folder, self._namespace = folder, namespace
        self._commands = {}

    def look_up(self, stub, *questions):
        """What it hears to each KIND:NAME, all in one process."""
        command = self._commands.get(stub.name) or self._build(stub)
        ended = subprocess.run([*self._namespace.enter, "env", *self._environment(stub), *command, *questions],
                               capture_output=True, text=True, timeout=90, check=False)
        heard = [_heard(line) for line in ended.stdout.splitlines()]
        assert ended.returncode == 0 and len(heard) == len(questions), ended.stdout + ended.stderr
        return heard

    def _build(self, stub):
        missing = [one for one in stub.needs if not shutil.which(one) and not os.path.exists(one)]
        if missing:
            pytest.skip(f"{stub.name}: {', '.join(missing)} is not installed")
        folder = self._folder / stub.name.replace(" ", "-")
        folder.mkdir()
        places = {"program": PROGRAMS, "folder": folder, "built": folder / "resolve"}
        if stub.build:
            subprocess.run([word.format(**places) for word in stub.build], cwd=PROGRAMS, check=True, timeout=300,
                           env={**os.environ, **stub.environment})
        self._commands[stub.name] = [word.format(**places) for word in stub.command]
        return self._commands[stub.name]

    @staticmethod
    def _environment(stub):
        return [f"{key}={value}" for key, value in stub.environment.items()]


def _heard(line):
    took, what, *values = line.split()
    return Heard(int(took), what, tuple(value.replace(".:", ":") for value in values))
