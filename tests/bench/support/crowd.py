"""A catalog of 100,000 instances in 20,000 services: memory, the first table, one service changed, a restart."""
import os
import re
import time
from pathlib import Path

from . import documents, peers
from .row import Row
from .server import ask, question

SERVICES, INSTANCES = 20_000, 5
RELAY, READER = 5401, 5409
CONTROL = "127.0.0.1:5380"
LAST = question(f"svc{SERVICES - 1}.{documents.ZONE}", documents.TYPES["SRV"])
CHANGES = 5


def write(path, weight=100):
    """Service 0 has a first instance of this weight. Beside it first, then in its place."""
    services = [documents.service(number, INSTANCES, weight if number == 0 else 100) for number in range(SERVICES)]
    beside = path.with_suffix(".new")
    beside.write_text(documents.json.dumps({"services": services}))
    os.replace(beside, path)


def started(bench, **how):
    """A daemon, and the seconds from exec to its first answer from the catalog."""
    began = time.monotonic()
    server = peers.start_signpost(bench.signpostd, bench.folder, probe=None, **how)
    return server, server.wait_for(LAST, 30, pause=0.0005) - began


def has_weight(port, weight):
    """Whether service 0 has an instance of this weight by now."""
    reply = ask(port, question(f"svc0.{documents.ZONE}", documents.TYPES["SRV"]))
    return re.search(rb"\x00\x01" + weight.to_bytes(2, "big") + rb"[\x00-\xff]{2}", reply or b"") is not None


def wait_for_weight(servers, weight):
    for server in servers:
        while not has_weight(server.port, weight):
            time.sleep(0.02)


def changed_once(path, weight, servers):
    """CPU seconds that one changed service costs each of them, all that follows within a second included."""
    before = [server.cpu_seconds() for server in servers]
    write(path, weight)
    wait_for_weight(servers, weight)
    time.sleep(1)
    return [server.cpu_seconds() - was for server, was in zip(servers, before)]


def idle_cpu(servers):
    """What the waiting itself costs: the same questions, and a second, without a change."""
    before = [server.cpu_seconds() for server in servers]
    wait_for_weight(servers, 100)
    time.sleep(1)
    return [server.cpu_seconds() - was for server, was in zip(servers, before)]


def relay_catalog():
    return f'[[catalog]]\ntype = "signpost"\nurl = "http://{CONTROL}"\n'


def measure_table(bench, path):
    server, first = started(bench, catalog=path)
    with server:
        spent = server.cpu_seconds()
        time.sleep(2)
        yield Row("catalog of 100,000 instances, memory", "at most 100 MiB", f"{server.mib():.0f} MiB, anonymous {server.mib('RssAnon'):.0f}, "
                  f"at its peak {server.mib('VmHWM'):.0f}", f"RSS 2 s after the first answer; JSON file of {path.stat().st_size >> 20} MiB")
        yield Row("the same, first table", "1 s from a file", f"{first:.2f} s ({spent:.2f} s of CPU)", "exec to the first answer from it, polled")


def measure_change(bench, path):
    relay, _ = started(bench, catalog=path, control=CONTROL, port=RELAY)
    with relay:
        reader, _ = started(bench, more=relay_catalog(), port=READER, cpus="1")
        with reader:
            time.sleep(2)
            rest = idle_cpu([relay, reader])
            spent = [changed_once(path, 200 + i, [relay, reader]) for i in range(CHANGES)]
    least = [sorted(one[i] for one in spent)[CHANGES // 2] - rest[i] for i in (0, 1)]
    yield Row("one service changed, of a file", "at most 5 ms of CPU", f"{least[0] * 1e3:.0f} ms (the whole file is read, and a reader of it told)",
              f"all threads, until a second after it is answered; median of {CHANGES}")
    yield Row("one service changed, of a relay", "at most 5 ms of CPU", f"{least[1] * 1e3:.0f} ms (the relay's whole document is read)", "the same")


def measure_restart(bench, path):
    state = bench.folder / "state"
    server, _ = started(bench, catalog=path, state=state)
    with server:
        time.sleep(1)
    firsts = []
    for _ in range(CHANGES):
        server, first = started(bench, catalog=path, state=state)
        firsts.append(first)
        with server:
            time.sleep(2)
    yield Row("first answer after exec, that catalog in the state file", "at most 50 ms",
              f"{sorted(firsts)[CHANGES // 2] * 1e3:.0f} ms ({min(firsts) * 1e3:.0f} to {max(firsts) * 1e3:.0f})",
              f"exec of taskset and signpostd to an answer from the catalog, polled; median of {CHANGES}; state file of {state.stat().st_size >> 20} MiB")


def measure(bench):
    path = Path(bench.folder / "crowd.json")
    write(path)
    for part in (measure_table, measure_change, measure_restart):
        yield from part(bench, path)
