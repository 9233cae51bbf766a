"""The micro-benchmarks: what *_bench.cpp print, a row each."""
import json
import subprocess

from .row import Row

PROGRAMS = ["parse", "decide", "answer_cache", "catalog"]
SCALE = {"ns": 1, "us": 1e3, "ms": 1e6}


def run(program):
    out = subprocess.run([str(program), "--benchmark_format=json", "--benchmark_min_time=0.3"], check=True, stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL, text=True).stdout
    return json.loads(out)["benchmarks"]


def text(one):
    """CPU time of one: of one item, where an iteration takes several."""
    nanoseconds = 1e9 / one["items_per_second"] if "items_per_second" in one else one["cpu_time"] * SCALE[one["time_unit"]]
    for unit, least in (("ms", 1e6), ("us", 1e3)):
        if nanoseconds >= least:
            return f"{nanoseconds / least:.3g} {unit}"
    return f"{nanoseconds:.0f} ns"


def measure(bench):
    for program in PROGRAMS:
        for one in run(bench.program(f"{program}_bench")):
            yield Row(f"`{one['name']}`", "", text(one), f"Google Benchmark, `{program}_bench`, CPU")
