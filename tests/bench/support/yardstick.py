"""Hits and misses beside the kernel's floor and the peers: as the yardstick measures them, in one run."""
import json
import subprocess
import sys

from .row import Row

SERVERS = ["floor", "signpost", "unbound", "dnsdist"]
HITS = {"srv": "SRV hit", "a": "A hit", "fwd": "forwarded hit"}


def run(bench):
    out = bench.folder / "compare.json"
    subprocess.run([sys.executable, bench.compare, "--signpostd", bench.signpostd, "--servers", ",".join(SERVERS), "--seconds",
                    str(bench.seconds), "--rounds", str(bench.rounds), "--json", out], check=True, stdout=subprocess.DEVNULL)
    return json.loads(out.read_text())


def hits(found, how):
    for load, what in HITS.items():
        others = ", ".join(f"{name} {found[name][load]['x_floor']:.2f}" for name in SERVERS[2:])
        ours = found["signpost"][load]
        yield Row(f"{what}, CPU of the floor", "at most 1.15", f"{ours['x_floor']:.2f} ({ours['us_per_query']:.2f} us; {others})", how)


def misses(found, how):
    ours, dnsdist, unbound = (found[name]["miss"]["us_per_query"] for name in ("signpost", "dnsdist", "unbound"))
    yield Row("miss, CPU", "at most 6.0 us",
              f"{ours:.1f} us: {ours / dnsdist:.2f} of dnsdist's {dnsdist:.1f}, {ours / unbound:.2f} of unbound's {unbound:.1f}", how)


def idle(found):
    memory = (f"{name} {found[name]['idle_rss_mib']:.1f} ({found[name]['idle_anon_mib']:.1f})" for name in SERVERS[1:])
    yield Row("idle RSS beside the peers", "at most 14 MiB, anonymous 3", ", ".join(memory), "the yardstick, MiB (anonymous)")


def measure(bench):
    if bench.compare is None or not bench.compare.exists():
        print(f"no yardstick at {bench.compare}: name one in --compare or SIGNPOST_COMPARE; hits and misses are left out", file=sys.stderr)
        return
    found = run(bench)
    how = f"the yardstick, {bench.seconds} s, median of {bench.rounds}; server on core 0, load on core 1"
    yield from hits(found, how)
    yield from misses(found, how)
    yield from idle(found)
