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


def measure(bench):
    if not bench.compare.exists():
        return print(f"no yardstick at {bench.compare}: name it in --compare or SIGNPOST_COMPARE; hits and misses are left out",
                     file=sys.stderr)
    found = run(bench)
    how = f"the yardstick, {bench.seconds} s, median of {bench.rounds}; server on CPU 0, load on CPU 1"
    ours = found["signpost"]
    for load, what in HITS.items():
        others = ", ".join(f"{name} {found[name][load]['x_floor']:.2f}" for name in SERVERS[2:])
        yield Row(f"{what}, CPU of the floor", "at most 1.15", f"{ours[load]['x_floor']:.2f} ({ours[load]['us_per_query']:.2f} us; {others})", how)
    miss, peer = ours["miss"]["us_per_query"], found["dnsdist"]["miss"]["us_per_query"]
    yield Row("miss, CPU", "at most 6.0 us", f"{miss:.1f} us: {miss / peer:.2f} of dnsdist's {peer:.1f}, "
              f"{miss / found['unbound']['miss']['us_per_query']:.2f} of unbound's", how)
    yield Row("idle RSS beside the peers", "at most 14 MiB, anonymous 3", ", ".join(
        f"{name} {found[name]['idle_rss_mib']:.1f} ({found[name]['idle_anon_mib']:.1f})" for name in SERVERS[1:]), "the yardstick, MiB (anonymous)")
    return None
