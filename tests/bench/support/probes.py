"""What probes cost hits: one daemon probes 1,000 services of 3 every 10 s, another does not; the same load on either, by turns."""
import subprocess
import sys
from statistics import median, quantiles

from . import dnsperf, documents, peers
from .row import Row

PAIRS = 12  # of a second or two each: what disturbs one pair disturbs few
SECONDS = 2
PORT = 9900
WITH, WITHOUT = 5401, 5409
PROBE = '[[health.probe]]\nservices = ["*"]\ntype = "tcp"\ninterval = "10s"\non_demand = false\n'
TAKE_ALL = f"""
import socket
listener = socket.create_server(("127.0.0.1", {PORT}), backlog=4096)
print("up", flush=True)
while True:
    listener.accept()[0].close()
"""
LOADS = {"srv": "SRV", "a": "A", "fwd": "forwarded hit"}


def catalog(probed):
    """Services whose instances are all at the listener, by their probe's port; both daemons have the same."""
    return PROBE + f"port = {PORT}\n" if probed else ""


def write_catalog(path):
    """Addresses of 127.0.0.0/8, where probes are heard."""
    path.write_text(documents.catalog(1000, 3).replace('"host": "10.', '"host": "127.'))


def listener():
    """Hears probes at every address of 127.0.0.0/8."""
    out = subprocess.Popen(["taskset", "-c", "1", sys.executable, "-c", TAKE_ALL.replace("127.0.0.1", "0.0.0.0")], stdout=subprocess.PIPE)
    out.stdout.readline()
    return out


def costs(bench, server, load):
    """CPU microseconds a query: of the worker, and of the whole process."""
    before, spent = server.threads(), server.cpu_seconds()
    done = dnsperf.load(server.port, bench.folder / f"{load}.q", "-l", SECONDS)["done"]
    after = server.threads()
    worker = max(after[thread] - before.get(thread, 0) for thread in after if thread != server.pid)
    return worker / done * 1e6, (server.cpu_seconds() - spent) / done * 1e6


def pair(bench, probing, plain, load, plain_first):
    """Whoever goes first goes second the next time."""
    if plain_first:
        other = costs(bench, plain, load)
        return costs(bench, probing, load), other
    return costs(bench, probing, load), costs(bench, plain, load)


def pairs_of(bench, probing, plain, load):
    for server in (probing, plain):
        dnsperf.load(server.port, bench.folder / f"{load}.q", "-l", 1)
    return [pair(bench, probing, plain, load, number % 2 == 1) for number in range(PAIRS)]


def spread(ratios):
    """The median, and between what the middle half is."""
    quarters = quantiles(ratios, n=4)
    return f"{median(ratios):.3f} ({quarters[0]:.3f} to {quarters[2]:.3f})"


def measure(bench):
    path = bench.folder / "probed.json"
    write_catalog(path)
    hears = listener()
    try:
        with bench.authority(), \
                peers.start_signpost(bench.signpostd, bench.folder, catalog=path, more=catalog(True), port=WITH) as probing, \
                peers.start_signpost(bench.signpostd, bench.folder, catalog=path, port=WITHOUT) as plain:
            for load, what in LOADS.items():
                found = pairs_of(bench, probing, plain, load)
                worker, process = ([a[i] / b[i] for a, b in found] for i in (0, 1))
                yield Row(f"probes beside hits, {what}, CPU a query", "within 2 % of without",
                          f"worker {spread(worker)}, process {spread(process)}",
                          f"3,000 instances probed by TCP every 10 s; {PAIRS} pairs by turns, median (middle half)")
    finally:
        hears.kill()
        hears.wait()
