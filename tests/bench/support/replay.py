"""Instructions a reply: the replay driver under callgrind, which counts what replay_all() runs."""
import os
import re
import subprocess
import tempfile
from pathlib import Path

from .row import Row

LOADS = {"srv": "SRV hit", "a": "A hit", "fwd": "forwarded hit"}
PLAIN = {"PATH": os.environ["PATH"]}  # the environment's length moves the stack, and what is aligned on it
FEW, MANY = 1, 11  # rounds: what is done once alone drops out of the difference


def counted(program, load, rounds):
    """Instructions, and replies."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "callgrind"
        ran = subprocess.run(["valgrind", "-q", "--tool=callgrind", "--toggle-collect=*replay_all*", f"--callgrind-out-file={out}",
                              str(program), load, str(rounds)], check=True, stdout=subprocess.PIPE, text=True, env=PLAIN)
        instructions = int(re.search(r"^totals: (\d+)", out.read_text(), re.MULTILINE)[1])
    return instructions, int(re.search(r"(\d+) replies", ran.stdout)[1])


def instructions_a_reply(program, load):
    few, many = counted(program, load, FEW), counted(program, load, MANY)
    return (many[0] - few[0]) / (many[1] - few[1])


def measure(bench):
    for load, what in LOADS.items():
        yield Row(f"{what}, instructions a reply", "fewer", f"{instructions_a_reply(bench.program('replay'), load):.0f}",
                  f"callgrind, `replay {load}`, {MANY} rounds less {FEW}; no sockets")
