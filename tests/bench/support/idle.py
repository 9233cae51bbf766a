"""RSS while nobody asks: with the 1,000 services of the yardstick, and where each MiB goes."""
import time

from . import documents, memory_map, peers
from .row import Row

LEAST = 100  # KiB: what is smaller is summed up


def places(pid, program):
    found = memory_map.by_kind(pid, program.resolve())
    named = {what: size for what, size in found.items() if size[0] >= LEAST}
    rest = [size for what, size in found.items() if what not in named]
    named["the rest"] = tuple(sum(size[i] for size in rest) for i in (0, 1))
    return ", ".join(f"{what} {size[0] / 1024:.1f} ({size[1] / 1024:.1f})" for what, size in named.items())


def measure(bench):
    catalog = bench.folder / "services.json"
    catalog.write_text(documents.catalog(1000, 3))
    for what, how in (("1,000 services of 3", {"catalog": catalog}), ("no catalog", {})):
        with bench.authority(), peers.start_signpost(bench.signpostd, bench.folder, **how) as server:
            time.sleep(1)
            yield Row(f"idle RSS, {what}", "at most 14 MiB, anonymous 3", f"{server.mib():.1f} MiB, anonymous {server.mib('RssAnon'):.1f}",
                      "/proc/PID/status a second after the first answer; one worker, no control port")
            yield Row(f"where it goes, {what}", "", places(server.pid, bench.signpostd), "/proc/PID/smaps, MiB (anonymous)")
