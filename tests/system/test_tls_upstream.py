"""Upstreams over TLS: unbound behind a relay that sees what leaves the daemon, with certificates of the test's own
authority, which the daemon is told to trust by SSL_CERT_FILE."""
import socket
import threading
import time

import pytest

from support.ask import ask, ask_edns, ask_many, ede, ede_text, rcode, values
from support.daemon import NOBODY, wait_until
from support.timed_load import TimedLoad
from support.tls_servers import Authority, Relay, TlsServer

RATE = 500
NAME = "dns.example"
ANSWER = ["198.51.100.7"]


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def serve(tmp_path_factory):
    """serve(certificate): an unbound with it, and a relay in front of it."""
    running = []

    def start_both(certificate):
        running.append(TlsServer(tmp_path_factory.mktemp("unbound"), certificate))
        running.append(Relay(running[-1].address))
        return running[-2:]

    yield start_both
    for one in reversed(running):
        one.close()


def over_tls(*servers, name=NAME):
    return {"upstreams": [f"tls://127.0.0.1:{one.address[1]}" + (f"#{name}" if name else "") for one in servers]}


def test_an_upstream_over_tls_answers_and_nothing_is_said_in_the_clear(start, authority, serve):
    _, relay = serve(authority.certificate(f"DNS:{NAME}"))
    daemon = start(forward=over_tls(relay), environment=authority.environment)
    assert values(ask(daemon, "whispered.example.", "A"), "A") == ANSWER
    assert len(relay.said) > 100 and b"whispered" not in relay.said
    assert relay.datagrams() == []
    assert "upstream tls://" not in daemon.log(), daemon.log()


def test_without_a_name_the_address_proves_the_server(start, authority, serve):
    _, relay = serve(authority.certificate("IP:127.0.0.1"))
    daemon = start(forward=over_tls(relay, name=""), environment=authority.environment)
    assert values(ask(daemon, "web.example.", "A"), "A") == ANSWER


def test_a_rule_for_a_suffix_may_have_it(start, authority, serve, upstream):
    _, relay = serve(authority.certificate(f"DNS:{NAME}"))
    elsewhere = upstream(lambda asked: None)
    daemon = start(forward={"upstreams": [elsewhere.text], "zone": [{"suffix": "example", **over_tls(relay)}]},
                   environment=authority.environment)
    assert values(ask(daemon, "web.example.", "A"), "A") == ANSWER
    assert elsewhere.asked() == []


def test_many_queries_share_one_connection(start, authority, serve):
    _, relay = serve(authority.certificate(f"DNS:{NAME}"))
    daemon = start(forward=over_tls(relay), environment=authority.environment)
    for round_ in range(3):
        replies = ask_many(daemon, [f"n{number}.r{round_}.example." for number in range(200)], "A")
        assert all(values(reply, "A") == ANSWER for reply in replies)
    assert relay.connections == 1


def test_no_query_is_lost_with_a_connection(start, authority, serve):
    """The only upstream: each time its connections are cut, what was on them is asked again."""
    _, relay = serve(authority.certificate(f"DNS:{NAME}"))
    daemon = start(forward=over_tls(relay), environment=authority.environment)
    load = TimedLoad(daemon.address, lambda number: f"n{number}.example", RATE, 4)
    for second in (0.5, 1.1, 1.7, 2.3, 2.9, 3.5):
        load.wait_until(second)
        relay.cut()
    load.end()
    assert set(load.rcodes()) == {"NOERROR"}, load.describe()
    assert relay.connections >= 6


def test_no_query_is_lost_while_one_server_of_two_is_restarted(start, authority, serve):
    certificate = authority.certificate(f"DNS:{NAME}")
    first, _ = serve(certificate)
    second, _ = serve(certificate)
    daemon = start(forward=over_tls(first, second), environment=authority.environment)
    load = TimedLoad(daemon.address, lambda number: f"n{number}.example", RATE, 6)
    for server, second_ in ((first, 1), (second, 3)):
        load.wait_until(second_)
        server.kill()
        time.sleep(0.5)
        server.start()
    load.end()
    assert set(load.rcodes()) == {"NOERROR"}, load.describe()


def test_a_server_that_was_restarted_is_used_again(start, authority, serve):
    server, relay = serve(authority.certificate(f"DNS:{NAME}"))
    daemon = start(forward=over_tls(relay), environment=authority.environment)
    assert values(ask(daemon, "before.example.", "A"), "A") == ANSWER
    server.kill()
    server.start()
    assert values(ask(daemon, "after.example.", "A"), "A") == ANSWER


def test_a_server_that_takes_connections_and_says_nothing_costs_no_answer(start, authority, serve):
    _, relay = serve(authority.certificate(f"DNS:{NAME}"))
    with socket.create_server(("127.0.0.1", 0)) as mute:
        deaf = f"tls://127.0.0.1:{mute.getsockname()[1]}#{NAME}"
        daemon = start(forward={"upstreams": [deaf, *over_tls(relay)["upstreams"]], "policy": "sequential"},
                       environment=authority.environment)
        began = time.monotonic()
        assert values(ask(daemon, "web.example.", "A"), "A") == ANSWER
        assert time.monotonic() - began < 2.5


# --- servers that do not prove who they are ---

REFUSALS = {
    "another name": (lambda authority: authority.certificate("DNS:bad.example"), NAME,
                     "its certificate is for bad.example, expected dns.example"),
    "no address": (lambda authority: authority.certificate("DNS:dns.example"), "",
                   "its certificate is for dns.example, expected 127.0.0.1"),
    "expired": (lambda authority: authority.certificate(f"DNS:{NAME}", days=-1), NAME,
                "its certificate expired on 20"),
    "signed by itself": (lambda authority: authority.self_signed(f"DNS:{NAME}"), NAME,
                         "its certificate is signed by itself"),
}


@pytest.mark.hostile
@pytest.mark.parametrize("fault", REFUSALS)
def test_a_server_that_does_not_prove_who_it_is_hears_nothing(start, authority, serve, fault):
    make, name, reason = REFUSALS[fault]
    _, relay = serve(make(authority))
    with plain_port() as plain:
        daemon = start(forward=over_tls(relay, name=name), environment=authority.environment)
        reply = ask_edns(daemon, "secret.example.", "A")
        assert rcode(reply) == "SERVFAIL"
        assert 23 in ede(reply) and reason in ede_text(reply), reply
        daemon.wait_for_log(f"upstream tls://127.0.0.1:{relay.address[1]}.*{reason}")
        assert relay.connections > 0 and b"secret" not in relay.said
        assert relay.datagrams() == []
        with pytest.raises(BlockingIOError):
            plain.recv(4096)


def test_an_authority_that_the_machine_does_not_trust_is_refused(start, authority, serve, tmp_path):
    _, relay = serve(authority.certificate(f"DNS:{NAME}"))
    other = Authority(tmp_path)
    daemon = start(forward=over_tls(relay), environment=other.environment)
    reply = ask_edns(daemon, "secret.example.", "A")
    assert rcode(reply) == "SERVFAIL"
    assert "does not trust" in ede_text(reply)


def test_a_server_without_tls_is_not_asked_in_the_clear(start, authority):
    said = []

    def serve_in_the_clear(listener):
        while True:
            try:
                client, _ = listener.accept()
            except OSError:  # closed: the test is over
                return
            with client:
                said.append(client.recv(65536))
                client.sendall(b"\0\x0cno TLS here!")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve_in_the_clear, args=(listener,), daemon=True).start()
        daemon = start(forward={"upstreams": [f"tls://127.0.0.1:{listener.getsockname()[1]}#{NAME}"]},
                       environment=authority.environment)
        reply = ask_edns(daemon, "secret.example.", "A")
        assert rcode(reply) == "SERVFAIL"
        assert "it does not speak TLS" in ede_text(reply), reply
    assert said and b"secret" not in b"".join(said)


def test_a_good_server_stands_in_for_one_that_is_refused(start, authority, serve):
    _, bad = serve(authority.self_signed(f"DNS:{NAME}"))
    _, good = serve(authority.certificate(f"DNS:{NAME}"))
    daemon = start(forward={**over_tls(bad, good), "policy": "sequential"}, environment=authority.environment)
    for number in range(20):
        assert values(ask(daemon, f"n{number}.example.", "A"), "A") == ANSWER


def test_tls_may_come_and_go_with_a_reload(start, authority, serve):
    _, relay = serve(authority.certificate(f"DNS:{NAME}"))
    daemon = start(forward={"upstreams": [NOBODY]}, environment=authority.environment)
    daemon.reconfigure(forward=over_tls(relay))
    wait_until(lambda: rcode(ask(daemon, f"n{time.monotonic_ns()}.example.", "A")) == "NOERROR", 10)
    daemon.reconfigure(forward={"upstreams": [NOBODY]})
    wait_until(lambda: rcode(ask(daemon, f"n{time.monotonic_ns()}.example.", "A")) == "SERVFAIL", 10)


def plain_port():
    """Port 53 of the server's address, where a downgrade would go; some other port where only root may listen there."""
    plain = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    plain.setblocking(False)
    try:
        plain.bind(("127.0.0.1", 53))
    except OSError:
        plain.bind(("127.0.0.1", 0))
    return plain
