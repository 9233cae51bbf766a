"""Two workers on two cores beside one on one: CPU a query. The load needs a core too, so that each core has one worker and
one dnsperf in either case, and CPU is compared, not rates."""
import subprocess
from statistics import median

from . import dnsperf, documents, peers
from .row import Row

LOADS = {"srv": "SRV", "a": "A", "fwd": "forwarded hit"}
CLIENTS = 16  # for each core: the kernel spreads them over the workers' sockets


def pin_workers(server, count):
    """Each on a core of its own, once they are known by their work."""
    for cpu, thread in enumerate(sorted(server.workers())[:count]):
        subprocess.run(["taskset", "-p", "-c", str(cpu), str(thread)], check=True, stdout=subprocess.DEVNULL)


def load_cores(port, queries, seconds, cores):
    """One dnsperf on each core, at once. Queries answered."""
    running = [subprocess.Popen(dnsperf.command(port, queries, "-l", seconds, cpus=str(cpu), clients=CLIENTS), stdout=subprocess.PIPE,
                                stderr=subprocess.DEVNULL, text=True) for cpu in range(cores)]
    return sum(dnsperf.figures(one.communicate()[0])["done"] for one in running)


def cost(bench, load, workers):
    queries = bench.folder / f"{load}.q"
    with peers.start_signpost(bench.signpostd, bench.folder, catalog=bench.folder / "services.json", workers=workers,
                              cpus="0-1" if workers > 1 else "0") as server:
        load_cores(server.port, queries, 1, workers)
        pin_workers(server, workers)
        load_cores(server.port, queries, 1, workers)
        before = server.cpu_seconds()
        done = load_cores(server.port, queries, bench.seconds, workers)
        return (server.cpu_seconds() - before) / done * 1e6


def measure(bench):
    (bench.folder / "services.json").write_text(documents.catalog(1000, 3))
    with bench.authority():
        for load, what in LOADS.items():
            pairs = [(cost(bench, load, 1), cost(bench, load, 2)) for _ in range(bench.rounds)]
            one, two = (median(pair[i] for pair in pairs) for i in (0, 1))
            ratio = median(two / one for one, two in pairs)
            yield Row(f"two workers on two cores, {what}", "CPU a query at most 1.1 of one worker's",
                      f"{ratio:.2f} ({two:.2f} us; {one:.2f} us)",
                      f"a worker and a dnsperf on each core; one worker: the same on one core; median of {bench.rounds} pairs")
