"""What is served and asked: catalogs, an authority's zones, and files of queries."""
import json
import random

ZONE = "servicediscovery.internal"
MISSES = 100_000
TYPES = {"A": 1, "SRV": 33}


def service(number, instances, weight=100):
    """Addresses of its own; `weight` is its first instance's."""
    hosts = [f"10.{number >> 8}.{number & 255}.{i + 1}" for i in range(instances)]
    return {"name": f"svc{number}", "instances": [
        {"host": host, "port": 30000 + i, "weight": weight if i == 0 else 50, "priority": 1} for i, host in enumerate(hosts)]}


def catalog(services, instances, weight=100):
    return json.dumps({"services": [service(number, instances, weight) for number in range(services)]})


def write_queries(path, lines):
    lines = list(lines)
    random.Random(1).shuffle(lines)
    path.write_text("\n".join(lines) + "\n")


def write_loads(folder, services=1000, names=10_000):
    """srv.q, a.q: of services; fwd.q: of names to be remembered; miss.q: of names that are asked for once."""
    write_queries(folder / "srv.q", (f"svc{n}.{ZONE} SRV" for n in range(services)))
    write_queries(folder / "a.q", (f"svc{n}.{ZONE} A" for n in range(services)))
    write_queries(folder / "fwd.q", (f"h{n}.example A" for n in range(names)))
    write_queries(folder / "miss.q", (f"m{n}.w.example A" for n in range(MISSES)))


def write_zones(folder, services=1000, instances=3, names=10_000):
    """The same names in an authority, for peers that have no catalog."""
    own = [f"$ORIGIN {ZONE}.", "$TTL 60", "@ SOA ns. host. 1 3600 600 86400 5", "@ NS ns", "ns A 127.0.0.1"]
    for number in range(services):
        for one in service(number, instances)["instances"]:
            host = f"ip-{one['host'].replace('.', '-')}.addr"
            own += [f"svc{number} SRV 1 {one['weight']} {one['port']} {host}", f"{host} A {one['host']}", f"svc{number} A {one['host']}"]
    other = ["$ORIGIN example.", "$TTL 300", "@ SOA ns. host. 1 3600 600 86400 60", "@ NS ns", "ns A 127.0.0.1", "*.w A 10.9.9.9"]
    other += [f"h{number} A 10.1.{number // 250}.{number % 250}" for number in range(names)]
    (folder / "own.zone").write_text("\n".join(own) + "\n")
    (folder / "other.zone").write_text("\n".join(other) + "\n")
