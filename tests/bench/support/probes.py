"""What probes cost hits: one daemon probes 1,000 services of 3 every 10 s, another does not; the same load on either, by turns."""
import subprocess
import sys
import time
from statistics import median, quantiles

from . import dnsperf, documents, peers
from .metrics import figure
from .row import Row

PAIRS = 12  # so that what disturbs a few of them does not count
SECONDS = 2  # of one measurement
PORT = 9900
WITH, WITHOUT = 5401, 5409
CONTROL = "127.0.0.1:5380"
PROBE = '[[health.probe]]\nservices = ["*"]\ntype = "tcp"\ninterval = "10s"\non_demand = false\n' + f"port = {PORT}\n"
TAKE_ALL = f"""
import socket
listener = socket.create_server(("0.0.0.0", {PORT}), backlog=4096)
print("up", flush=True)
while True:
    listener.accept()[0].close()
"""
LOADS = {"srv": "SRV", "a": "A", "fwd": "forwarded hit"}


def write_catalog(path):
    """Addresses of 127.0.0.0/8, where probes are heard, all at the listener's port."""
    path.write_text(documents.catalog(1000, 3).replace('"host": "10.', '"host": "127.'))


def listener():
    """Hears probes at every address of 127.0.0.0/8."""
    out = subprocess.Popen(["taskset", "-c", "1", sys.executable, "-c", TAKE_ALL], stdout=subprocess.PIPE)
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


def measure_loads(bench, probing, plain):
    for load, what in LOADS.items():
        probes, began = figure(CONTROL, "signpost_probes_total"), time.monotonic()
        found = pairs_of(bench, probing, plain, load)
        probed = (figure(CONTROL, "signpost_probes_total") - probes) / (time.monotonic() - began)
        worker, process = ([a[i] / b[i] for a, b in found] for i in (0, 1))
        yield Row(f"probes beside hits, {what}, CPU a query", "within 2 % of without",
                  f"worker {spread(worker)}, process {spread(process)}",
                  f"3,000 instances probed by TCP every 10 s, {probed:.0f} a second; {PAIRS} pairs by turns, median (middle half)")


def measure(bench):
    path = bench.folder / "probed.json"
    write_catalog(path)
    hears = listener()
    start = lambda **how: peers.start_signpost(bench.signpostd, bench.folder, catalog=path, **how)
    try:
        with bench.authority(), start(more=PROBE, control=CONTROL, port=WITH) as probing, start(port=WITHOUT) as plain:
            time.sleep(12)  # every instance was probed once
            yield from measure_loads(bench, probing, plain)
    finally:
        hears.kill()
        hears.wait()
