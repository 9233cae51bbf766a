"""Memory of an answer in the cache, beside its bytes on the wire: the cache is filled by misses."""
from . import dnsperf, documents, peers
from .metrics import figure
from .row import Row
from .server import ask, question

CONTROL = "127.0.0.1:5380"


def wire_length(port, count=200):
    """Mean length of the replies, whose records are those of the kept answers."""
    step = documents.MISSES // count
    return sum(len(ask(port, question(f"m{n * step}.w.example"))) for n in range(count)) / count


def measure(bench):
    with bench.authority(), peers.start_signpost(bench.signpostd, bench.folder, control=CONTROL) as server:
        dnsperf.load(server.port, bench.folder / "fwd.q", "-n", 1)  # what a first load takes, once
        entries, anonymous, own = figure(CONTROL, "signpost_cache_entries"), server.mib("RssAnon"), figure(CONTROL, "signpost_cache_bytes")
        dnsperf.load(server.port, bench.folder / "miss.q", "-n", 1)
        wire = wire_length(server.port)
        more = figure(CONTROL, "signpost_cache_entries") - entries
        really = (server.mib("RssAnon") - anonymous) * 2**20 / more
        counted = (figure(CONTROL, "signpost_cache_bytes") - own) / more
    yield Row("memory of an answer cache entry, beside the wire", "at most 120 bytes",
              f"{really - wire:.0f} bytes; by its own account {counted - wire:.0f} (wire {wire:.0f})",
              f"RssAnon before and after {more:.0f} misses; buckets included")
