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


def nice():
    """Before everybody else on the machine, where we may: their work is not to be measured."""
    return -20 if os.geteuid() == 0 else 0


def timed(bench, port, rate):
    command = ["nice", "-n", str(nice()), "taskset", "-c", "1", bench.program("timed_load"), str(port), bench.folder / "srv.q", str(rate), str(SECONDS)]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def half_of_saturation(server, queries):
    """A rate at which the worker is busy half of the time, by what a query costs it when it never rests."""
    return 0.5 * 1e6 / dnsperf.cost(server, queries, 2)


def measure_pairs(bench, server, path, rate):
    """p99 without and with; and CPU of the control thread for one swap, seconds."""
    pairs, swaps = [], []
    for _ in range(bench.rounds):
        without = timed(bench, server.port, rate)
        before = server.control_seconds()
        with Swapping(path) as swapping:
            during = timed(bench, server.port, rate)
        swaps.append((server.control_seconds() - before) / max(swapping.count, 1))
        pairs.append((without, during))
    return pairs, median(swaps)


def measure(bench):
    path = bench.folder / "swapped.json"
    for cpus, where in (("0", "all threads on one core"), ("0-1", "threads on two cores, beside the load")):
        path.write_text(documents.catalog(1000, 3))
        with bench.authority(), peers.start_signpost(bench.signpostd, bench.folder, catalog=path, cpus=cpus, nice=nice()) as server:
            rate = half_of_saturation(server, bench.folder / "srv.q")
            pairs, swap = measure_pairs(bench, server, path, rate)
        ratio = median(during["p99_us"] / without["p99_us"] for without, during in pairs)
        p99 = [median(pair[i]["p99_us"] for pair in pairs) for i in (0, 1)]
        lost = sum(one["sent"] - one["heard"] for pair in pairs for one in pair)
        yield Row(f"p99 at half the saturating load, during full swaps, {where}", "at most 1.2 of without",
                  f"{ratio:.2f} ({p99[1]:.0f} us; {p99[0]:.0f} us); {lost} lost",
                  f"{pairs[0][0]['rate']:.0f} SRV/s, open loop; 1,000 services all changed every {PAUSE} s, "
                  f"{swap * 1e3:.0f} ms of control CPU each; median of {bench.rounds} pairs")
