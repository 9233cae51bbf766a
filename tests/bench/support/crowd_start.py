"""The large catalog: its memory, when its first table is there, and how soon a restart answers from the state file."""
import time
from statistics import median

from . import crowd
from .row import Row

RESTARTS = 5


def measure_table(bench, path):
    server, first = crowd.started(bench, catalog=path)
    with server:
        spent = server.cpu_seconds()
        time.sleep(2)
        yield Row("catalog of 100,000 instances, memory", "at most 100 MiB",
                  f"{server.mib():.0f} MiB, anonymous {server.mib('RssAnon'):.0f}, at its peak {server.mib('VmHWM'):.0f}",
                  f"RSS 2 s after the first answer; JSON file of {path.stat().st_size >> 20} MiB")
        yield Row("the same, first table", "1 s from a file", f"{first:.2f} s ({spent:.2f} s of CPU)",
                  "exec to the first answer from it, polled")


def restart(bench, path, state):
    """Seconds to the first answer, and the CPU spent by then."""
    server, first = crowd.started(bench, catalog=path, state=state)
    with server:
        spent = server.cpu_seconds()
        time.sleep(2)
    return first, spent


def measure_restart(bench, path):
    state = bench.folder / "state"
    restart(bench, path, state)  # it writes the state file at its end
    found = [restart(bench, path, state) for _ in range(RESTARTS)]
    first, spent = (median(one[i] for one in found) for i in (0, 1))
    yield Row("first answer after exec, that catalog in the state file", "at most 50 ms",
              f"{first * 1e3:.0f} ms ({spent * 1e3:.0f} ms of CPU)",
              f"exec to an answer from the catalog, polled; median of {RESTARTS}; state file of {state.stat().st_size >> 20} MiB")


def measure(bench):
    path = bench.folder / "crowd.json"
    crowd.write(path)
    yield from measure_table(bench, path)
    yield from measure_restart(bench, path)
