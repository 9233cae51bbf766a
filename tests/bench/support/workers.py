"""Two workers on two cores beside one: CPU a query. The load needs cores too, so that in either case each core has a dnsperf,
together with as many queries outstanding as 100 a worker; CPU is compared, not rates. What the machine itself takes when both
of its cores are at work (they may be one core's two threads) is measured beside it, by two replays."""
import resource
import subprocess
from statistics import median

from . import dnsperf, documents, peers
from .row import Row

LOADS = {"srv": "SRV", "a": "A", "fwd": "forwarded hit"}
CORES = 2
CLIENTS = 16  # of each dnsperf: the kernel spreads them over the workers' sockets
OUTSTANDING = 100  # for each worker
REPLAYED = 200  # rounds


def pin(threads):
    """Each on a core of its own."""
    for cpu, thread in enumerate(threads):
        subprocess.run(["taskset", "-p", "-c", str(cpu), str(thread)], check=True, stdout=subprocess.DEVNULL)


def load_cores(port, queries, seconds, workers):
    """One dnsperf on each core, at once. Queries answered."""
    how = {"clients": CLIENTS, "outstanding": OUTSTANDING * workers // CORES}
    running = [subprocess.Popen(dnsperf.command(port, queries, "-l", seconds, cpus=str(cpu), **how), stdout=subprocess.PIPE,
                                stderr=subprocess.DEVNULL, text=True) for cpu in range(CORES)]
    return sum(dnsperf.figures(one.communicate()[0])["done"] for one in running)


def cost(bench, load, workers):
    queries = bench.folder / f"{load}.q"
    with peers.start_signpost(bench.signpostd, bench.folder, catalog=bench.folder / "services.json", workers=workers,
                              cpus="0-1") as server:
        load_cores(server.port, queries, 1, workers)
        pin(sorted(server.workers())[:workers])
        load_cores(server.port, queries, 1, workers)
        before = server.cpu_seconds()
        done = load_cores(server.port, queries, bench.seconds, workers)
        return (server.cpu_seconds() - before) / done * 1e6


def replays(bench, cores):
    """CPU seconds of one replay while there is one on each of so many cores."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    running = [subprocess.Popen(["taskset", "-c", str(cpu), bench.program("replay"), "fwd", str(REPLAYED)], stdout=subprocess.DEVNULL)
               for cpu in range(cores)]
    for one in running:
        one.wait()
    return (resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before) / cores


def measure(bench):
    (bench.folder / "services.json").write_text(documents.catalog(1000, 3))
    with bench.authority():
        for load, what in LOADS.items():
            pairs = [(cost(bench, load, 1), cost(bench, load, 2)) for _ in range(bench.rounds)]
            one, two = (median(pair[i] for pair in pairs) for i in (0, 1))
            ratio = median(two / one for one, two in pairs)
            yield Row(f"two workers on two cores, {what}", "CPU a query at most 1.1 of one worker's",
                      f"{ratio:.2f} ({two:.2f} us; {one:.2f} us)",
                      f"a dnsperf on each core, each worker pinned to one; {OUTSTANDING} queries outstanding for each; "
                      f"median of {bench.rounds} pairs")
    both = median(replays(bench, CORES) / replays(bench, 1) for _ in range(bench.rounds))
    yield Row("the machine itself, both cores at work", "", f"{both:.2f} of one alone", "CPU of two replays at once, of one; no sockets")
