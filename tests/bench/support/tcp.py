"""TCP, 32 queries deep on each of 4 connections: CPU a query, ours beside dnsdist's and unbound's."""
from statistics import median

from . import dnsperf, documents, peers
from .row import Row

LOADS = {"srv": "SRV", "a": "A", "fwd": "forwarded hit"}
HOW = ("-m", "tcp")
WHERE = {"clients": 4, "outstanding": 4 * 32}


def starters(bench):
    catalog = bench.folder / "services.json"
    catalog.write_text(documents.catalog(1000, 3))
    return {"signpostd": lambda: peers.start_signpost(bench.signpostd, bench.folder, catalog=catalog),
            "dnsdist": lambda: peers.start_dnsdist(bench.folder),
            "unbound": lambda: peers.start_unbound(bench.folder)}


def measure_round(bench, costs):
    for name, start in starters(bench).items():
        with start() as server:
            for load in LOADS:
                costs[name, load].append(dnsperf.cost(server, bench.folder / f"{load}.q", bench.seconds, *HOW, **WHERE))


def measure(bench):
    costs = {(name, load): [] for name in starters(bench) for load in LOADS}
    with bench.authority():
        for _ in range(bench.rounds):
            measure_round(bench, costs)
    for load, what in LOADS.items():
        ours, dnsdist, unbound = (median(costs[name, load]) for name in starters(bench))
        yield Row(f"TCP, 32 deep, {what}, CPU a query", "below dnsdist and unbound",
                  f"{ours:.2f} us: {ours / dnsdist:.2f} of dnsdist's {dnsdist:.2f}, {ours / unbound:.2f} of unbound's {unbound:.2f}",
                  f"dnsperf -m tcp, 4 connections; server on core 0, load on core 1; median of {bench.rounds}")
