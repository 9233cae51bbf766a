"""Issue 3, item 7: at every bound the oldest goes first and is told so, and memory does not grow (pains.md, 26)."""
import re
import resource
import select
import socket
import subprocess
import time
from contextlib import ExitStack

import dns.message
import pytest

from support.ask import TcpClient, ask, ask_edns, ede, framed, in_zone, question, rcode, values
from support.catalog_text import service, toml_catalog
from support.daemon import SANITIZED, wait_until
from support.silent_upstream import SilentUpstream

pytestmark = pytest.mark.long

FLOOD = 200_000
IN_FLIGHT = 4096  # what the forwarder keeps, at most
MIB = 1 << 20
CONNECTIONS = 5000


@pytest.fixture
def silent():
    one = SilentUpstream()
    yield one
    one.close()


@pytest.fixture
def many_files():
    """As many sockets as the system lets this process have."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < CONNECTIONS + 500:
        pytest.skip(f"this process may have {hard} files open, not {CONNECTIONS}")
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.fixture
def serve(start, catalog_file):
    def start_with(**sections):
        path = catalog_file(toml_catalog(service("time", ["10.0.0.1:80"]), service("crowd", [f"10.0.9.{n}:80" for n in range(1, 201)])))
        return start(catalog=[{"type": "file", "path": str(path)}], **sections)

    return start_with


class Flood:
    """`count` unique names as fast as the daemon answers them, at most `open` at a time; dnsperf sends them."""

    def __init__(self, folder, daemon, word, count, open_most):
        asked = folder / word
        asked.write_text("".join(f"{word}{number}.flood.example A\n" for number in range(count)))
        host, port = daemon.address
        self._process = subprocess.Popen(
            ["dnsperf", "-s", host, "-p", str(port), "-d", str(asked), "-n", "1", "-c", "20", "-T", "1", "-q", str(open_most),
             "-t", "10", "-e", "-S", "0"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def is_running(self):
        return self._process.poll() is None

    def report(self):
        """(sent, lost, {rcode: count}, the whole text)."""
        text = self._process.communicate(timeout=300)[0]
        sent, lost = (int(re.search(rf"Queries {what}:\s+(\d+)", text)[1]) for what in ("sent", "lost"))
        return sent, lost, {name: int(count) for name, count in re.findall(r"([A-Z]+) (\d+) \(", text)}, text


@pytest.mark.parametrize("workers, count", [(1, FLOOD), (2, FLOOD // 4)])
def test_a_flood_of_unique_names_to_a_silent_upstream(serve, silent, tmp_path, workers, count):
    """More are open than there is room for: the oldest are told SERVFAIL with a reason, and the zone is answered."""
    daemon = serve(forward={"upstreams": [silent.text]}, listen={"workers": workers})
    warm = Flood(tmp_path, daemon, "warm", FLOOD // 4, workers * IN_FLIGHT + 4000)
    warm.report()
    before = daemon.resident_bytes()
    flood = Flood(tmp_path, daemon, "more", count, workers * IN_FLIGHT + 4000)
    slowest, most = 0, before
    while flood.is_running():
        began = time.monotonic()
        assert values(ask(daemon, "time", "A"), "A") == ["10.0.0.1"]
        slowest = max(slowest, time.monotonic() - began)
        most = max(most, daemon.resident_bytes())
        time.sleep(0.05)
    sent, lost, codes, text = flood.report()
    print(f"slowest hit {slowest * 1000:.1f} ms, {before / MIB:.1f} MiB, at most {most / MIB:.1f} MiB\n{text}")
    assert (sent, lost) == (count, 0), text
    assert set(codes) == {"SERVFAIL"}, text
    assert SANITIZED or most - before < 4 * workers * MIB, f"it grew from {before} to {most} bytes"
    assert SANITIZED or slowest < 2, "a hit in the zone does not wait behind the flood"


def test_who_is_shed_hears_why(serve, silent):
    daemon = serve(forward={"upstreams": [silent.text]})
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as first, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as others:
        for client in (first, others):
            client.settimeout(3)
            client.connect(daemon.address)
        query = question("oldest.example.", "A", edns=0)
        began = time.monotonic()
        first.send(query.to_wire())
        for number in range(IN_FLIGHT + 10):
            others.send(question(f"newer{number}.example.", "A").to_wire())
            if number % 50 == 0:
                time.sleep(0.005)  # the daemon's own socket buffer is finite
        reply = dns.message.from_wire(first.recv(4096))
        assert time.monotonic() - began < 3, "before its time was up"
        assert rcode(reply) == "SERVFAIL" and ede(reply) != [], reply


# --- connections ---


def open_ones(clients):
    """Those that the daemon has not closed."""
    poll = select.poll()
    number_of = {}
    for number, client in enumerate(clients):
        poll.register(client, select.POLLIN | select.POLLHUP)
        number_of[client.fileno()] = number
    closed = {number_of[descriptor] for descriptor, _ in poll.poll(0)}
    return [number for number in range(len(clients)) if number not in closed]


@pytest.mark.parametrize("most", [256, 100])
def test_five_thousand_idle_connections(serve, silent, many_files, most):
    daemon = serve(forward={"upstreams": [silent.text]}, listen={"tcp_connections": most, "tcp_idle": "60s"})
    with ExitStack() as stack:
        clients = []

        def open_some(count):
            for number in range(count):
                clients.append(stack.enter_context(socket.create_connection(daemon.tcp[0], 10)))
                if number % 100 == 0:
                    assert values(ask(daemon, "time", "A"), "A") == ["10.0.0.1"]

        open_some(CONNECTIONS // 10)
        before = daemon.resident_bytes()
        open_some(CONNECTIONS - CONNECTIONS // 10)
        wait_until(lambda: len(open_ones(clients)) <= most, 5, lambda: f"{len(open_ones(clients))} are open")
        assert open_ones(clients) == list(range(CONNECTIONS - most, CONNECTIONS)), "the oldest idle goes first"
        daemon.assert_memory_stays(before, 2 * MIB)
        assert values(ask(daemon, "time", "A"), "A") == ["10.0.0.1"]
        assert values(ask(daemon, "time", "A", tcp=True), "A") == ["10.0.0.1"]
        assert len(open_ones(clients)) == most - 1


def test_a_connection_in_use_is_not_the_one_that_goes(serve, silent):
    daemon = serve(forward={"upstreams": [silent.text]}, listen={"tcp_connections": 10, "tcp_idle": "60s"})
    with ExitStack() as stack:
        used, waiting = (stack.enter_context(TcpClient(daemon.tcp[0])) for _ in range(2))
        waiting.send(question("nobody-knows.example.", "A"))
        idle = []
        for _ in range(40):
            idle.append(stack.enter_context(socket.create_connection(daemon.tcp[0], 10)))
            used.send(question(in_zone("time"), "A"))
            assert values(used.receive(), "A") == ["10.0.0.1"]
        assert rcode(waiting.receive()) == "SERVFAIL", "it was owed a reply, and got it"
        assert open_ones(idle) == list(range(32, 40))


def test_the_addresses_share_the_connections(serve, silent):
    """All of them may be of one; when another needs some, the oldest idle go, wherever they came in."""
    daemon = serve(forward={"upstreams": [silent.text]},
                   listen={"addresses": ["127.0.0.1:0", "127.0.0.6:0"], "tcp_connections": 20, "tcp_idle": "60s"})
    with ExitStack() as stack:
        ones = [stack.enter_context(socket.create_connection(daemon.tcp[0], 10)) for _ in range(20)]
        ask(daemon, "time", "A")
        assert open_ones(ones) == list(range(20))
        others = [stack.enter_context(socket.create_connection(daemon.tcp[1], 10)) for _ in range(5)]
        wait_until(lambda: open_ones(ones) == list(range(5, 20)), 3, lambda: f"{open_ones(ones)} are open")
        assert open_ones(others) == list(range(5))


def test_idle_connections_of_all_addresses_are_closed_in_time(serve, silent):
    daemon = serve(forward={"upstreams": [silent.text]},
                   listen={"addresses": ["127.0.0.1:0", "127.0.0.6:0"], "tcp_idle": "1s"})
    with ExitStack() as stack:
        both = [stack.enter_context(socket.create_connection(address, 10)) for address in daemon.tcp]
        with TcpClient(daemon.tcp[0]) as owed:
            owed.send(question("nobody-knows.example.", "A"))
            wait_until(lambda: open_ones(both) == [], 3, lambda: f"{open_ones(both)} are open")
            assert rcode(owed.receive()) == "SERVFAIL"


def test_fewer_connections_after_a_reload(serve, silent):
    daemon = serve(forward={"upstreams": [silent.text]}, listen={"tcp_connections": 50, "tcp_idle": "60s"})
    with ExitStack() as stack:
        idle = [stack.enter_context(socket.create_connection(daemon.tcp[0], 10)) for _ in range(50)]
        ask(daemon, "time", "A")
        daemon.reconfigure(forward={"upstreams": [silent.text]}, listen={"tcp_connections": 5, "tcp_idle": "60s"})
        daemon.wait_for_log("was reloaded")
        wait_until(lambda: open_ones(idle) == list(range(45, 50)), 3, lambda: f"{open_ones(idle)} are open")


def test_clients_that_do_not_read_their_answers(serve, silent):
    """256 connections ask for large answers and take none: what is kept for them is bounded."""
    daemon = serve(forward={"upstreams": [silent.text]}, listen={"tcp_idle": "60s"})
    query = framed(question(in_zone("crowd"), "SRV").to_wire()) * 200
    before = daemon.resident_bytes()
    with ExitStack() as stack:
        clients = []
        for _ in range(256):
            client = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_STREAM))
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.connect(daemon.tcp[0])
            client.setblocking(False)
            clients.append(client)
        for _ in range(20):
            for client in clients:
                try:
                    client.send(query)
                except BlockingIOError:
                    pass
            assert values(ask(daemon, "time", "A"), "A") == ["10.0.0.1"]
        print(f"it grew by {(daemon.resident_bytes() - before) / MIB:.1f} MiB")
        daemon.assert_memory_stays(before, 64 * MIB)
    assert rcode(ask_edns(daemon, "time", "A")) == "NOERROR"
