"""p99 latency at half the saturating load, while the whole table is swapped every half second, and while it is not."""
import json
import os
import subprocess
import threading
from statistics import median

from . import dnsperf, documents, peers
from .row import Row

PAUSE = 0.5  # between two swaps, seconds
SECONDS = 6  # of one load


class Swapping:
    """Writes the catalog again and again, every service changed each time."""

    def __init__(self, path):
        self.count = 0
        self._path, self._ended = path, threading.Event()
        self._texts = [documents.catalog(1000, 3, 100).replace('"weight": 50', f'"weight": {weight}') for weight in (50, 60)]
        self._thread = threading.Thread(target=self._run)

    def _run(self):
        beside = self._path.with_suffix(".new")
        while not self._ended.wait(PAUSE):
            self.count += 1
            beside.write_text(self._texts[self.count % 2])
            os.replace(beside, self._path)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._ended.set()
        self._thread.join()


def before_all():
    """What goes before everybody else on the machine, where we may: others' work is not to be measured."""
    return -20 if os.geteuid() == 0 else 0


def timed(bench, port, rate, nice):
    command = ["nice", "-n", str(nice), "taskset", "-c", "1", bench.program("timed_load"), str(port), bench.folder / "srv.q", str(rate),
               str(SECONDS)]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def half_of_saturation(server, queries):
    """A rate at which the worker is busy half of the time, by what a query costs it when it never rests."""
    return 0.5 * 1e6 / dnsperf.cost(server, queries, 2)


def measure_pairs(bench, server, path, rate, nice):
    """Loads without and with swaps; and CPU of the control thread for one swap, seconds."""
    pairs, swaps = [], []
    for _ in range(bench.rounds):
        without = timed(bench, server.port, rate, nice)
        before = server.control_seconds()
        with Swapping(path) as swapping:
            during = timed(bench, server.port, rate, nice)
        swaps.append((server.control_seconds() - before) / max(swapping.count, 1))
        pairs.append((without, during))
    return pairs, median(swaps)


def give_worker_a_core(server):
    """Core 0 is the worker's, and nobody goes before it there; the other threads are with the load, on core 1."""
    worker = server.workers()[0]
    for thread in server.threads():
        subprocess.run(["taskset", "-p", "-c", "0" if thread == worker else "1", str(thread)], check=True, stdout=subprocess.DEVNULL)
    if os.geteuid() == 0:
        subprocess.run(["chrt", "-f", "-p", "1", str(worker)], check=True)


def row(bench, where, wanted, pairs, swap):
    ratio = median(during["p99_us"] / without["p99_us"] for without, during in pairs)
    p99 = [median(pair[i]["p99_us"] for pair in pairs) for i in (0, 1)]
    lost = sum(one["sent"] - one["heard"] for pair in pairs for one in pair)
    rate = median(one["rate"] for pair in pairs for one in pair)
    return Row(f"p99 at half the saturating load, during full swaps, {where}", "at most 1.2 of without",
               f"{ratio:.2f} ({p99[1]:.0f} us; {p99[0]:.0f} us); {lost} lost",
               f"{wanted:.0f} SRV/s wanted, {rate:.0f} sent, open loop; 1,000 services all changed every {PAUSE} s, "
               f"{swap * 1e3:.0f} ms of control CPU each; median of {bench.rounds} pairs")


def measure_where(bench, where, worker_alone):
    path = bench.folder / "swapped.json"
    path.write_text(documents.catalog(1000, 3))
    nice = 0 if worker_alone else before_all()
    with peers.start_signpost(bench.signpostd, bench.folder, catalog=path, nice=nice) as server:
        rate = half_of_saturation(server, bench.folder / "srv.q")
        if worker_alone:
            give_worker_a_core(server)
        pairs, swap = measure_pairs(bench, server, path, rate, nice)
    return row(bench, where, rate, pairs, swap)


def measure(bench):
    with bench.authority():
        yield measure_where(bench, "worker and control thread on one core", False)
        yield measure_where(bench, "the worker alone on its core", True)
