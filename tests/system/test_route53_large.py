"""A hosted zone of 10,000 record sets: 34 requests, and what it costs meanwhile."""
import re
import time

import pytest

from support.ask import ask, endpoints
from support.daemon import SANITIZED
from support.moto_route53 import KEYS
from support.route53_server import Route53Server, srv

SETS = 10_000
MOST_RESIDENT = 60 << 20


@pytest.fixture
def large():
    server = Route53Server()
    server.serve("Z1EXAMPLE", *(srv(f"_s{i // 4:04}._tcp", f"1 1 {1024 + i} ip-10-0-{i // 250}-{i % 250}.ec2.internal",
                                    f"ip-10-0-{i // 250}-{i % 250}.ec2.internal:{i:064x}") for i in range(SETS)))
    yield server
    server.close()


def slowest(daemon, seconds):
    """The longest time that an answer took, of questions asked one after the other."""
    worst, until = 0, time.monotonic() + seconds
    while time.monotonic() < until:
        before = time.monotonic()
        ask(daemon, "known", "SRV")
        worst = max(worst, time.monotonic() - before)
    return worst


def test_ten_thousand_sets_are_34_requests(start, large, catalog_file, capsys):
    known = catalog_file("known.servicediscovery.internal. 5 IN SRV 1 1 80 h.example.com.\n", "known.zone")
    daemon = start(environment=KEYS, catalog=[
        {"type": "file", "path": str(known)},
        {"type": "route53", "zone": "Z1EXAMPLE", "endpoint": large.url, "refresh": "300s"}])
    began = time.monotonic()
    worst = 0
    while not re.search(r"route53.*read 2500 services", daemon.log()):
        worst = max(worst, slowest(daemon, 0.2))
        assert time.monotonic() - began < 60, daemon.log()
    took = time.monotonic() - began
    worst = max(worst, slowest(daemon, 1))
    assert len(large.requests()) == 34
    assert len(endpoints(ask(daemon, "_s2499._tcp", "SRV"))) == 4
    resident = daemon.resident_bytes()
    with capsys.disabled():
        print(f"\n10,000 sets: {took:.1f} s, {resident / (1 << 20):.1f} MiB resident, slowest answer {worst * 1e3:.1f} ms")
    assert SANITIZED or resident < MOST_RESIDENT
