"""One service changed in the large catalog: CPU of the daemon, by where it learns of it."""
import re
import time
from statistics import median

from . import crowd, documents, etcd
from .row import Row
from .server import ask, question

FIRST = question(f"svc0.{documents.ZONE}", documents.TYPES["SRV"])
RELAY, READER = 5401, 5409
CONTROL = "127.0.0.1:5380"
AIM = "at most 5 ms of CPU"
CHANGES = 5
HOW = f"all threads, until a second after it is answered; median of {CHANGES}"
RELAYED = f'[[catalog]]\ntype = "signpost"\nurl = "http://{CONTROL}"\n'
WATCHED = f'[[catalog]]\ntype = "etcd"\nendpoints = ["{etcd.URL}"]\n'


def has_weight(port, weight):
    """Whether service 0 has an instance of this weight, of priority 1, by now."""
    return re.search(rb"\x00\x01" + re.escape(weight.to_bytes(2, "big")) + rb"[\x75-\x76]", ask(port, FIRST) or b"", re.DOTALL) is not None


def spent(servers, weight, change):
    """CPU seconds of each, from a change until a second after all answer with it."""
    before = [server.cpu_seconds() for server in servers]
    change(weight)
    for server in servers:
        while not has_weight(server.port, weight):
            time.sleep(0.02)
    time.sleep(1)
    return [server.cpu_seconds() - was for server, was in zip(servers, before)]


def cost(servers, change):
    """Milliseconds of CPU that a change costs each of them; what as long a rest costs is taken away."""
    time.sleep(3)
    rests = [spent(servers, 100, lambda _: None) for _ in range(CHANGES)]
    found = [spent(servers, 200 + number, change) for number in range(CHANGES)]
    return [(median(one[i] for one in found) - median(one[i] for one in rests)) * 1e3 for i in range(len(servers))]


def measure_file(bench, path):
    crowd.write(path)
    server, _ = crowd.started(bench, catalog=path)
    with server:
        (found,) = cost([server], lambda weight: crowd.write(path, weight))
    yield Row("one service changed, in a file", AIM, f"{found:.1f} ms", HOW)


def measure_relay(bench, path):
    crowd.write(path)
    relay, _ = crowd.started(bench, catalog=path, control=CONTROL, port=RELAY)
    with relay:
        reader, _ = crowd.started(bench, more=RELAYED, port=READER, cpus="1")
        with reader:
            of_relay, of_reader = cost([relay, reader], lambda weight: crowd.write(path, weight))
    yield Row("one service changed, in another Signpost", AIM,
              f"{of_reader:.1f} ms; of that one, a file's reader, {of_relay:.1f} ms", HOW)


def measure_etcd(bench, _):
    with etcd.Etcd(bench.folder) as cluster:
        cluster.fill(crowd.services())
        server, _ = crowd.started(bench, more=WATCHED)
        with server:
            (found,) = cost([server], lambda weight: cluster.fill([documents.service(0, crowd.INSTANCES, weight)]))
            yield Row("one service changed, in etcd", AIM, f"{found:.1f} ms", f"{HOW}; {server.mib():.0f} MiB of RSS by then")


def measure(bench):
    for part in (measure_file, measure_relay, measure_etcd):
        yield from part(bench, bench.folder / "crowd.json")
