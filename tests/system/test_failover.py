"""forwarding.md, Forwarder: when an upstream fails, and when all do; replies that are not the answer."""
import socket
import time

import dns.message
import dns.name
import dns.rdatatype
import dns.rrset
import pytest

from support.ask import ask, ask_edns, ask_many, ede, question, rcode, values
from support.catalog_text import service, toml_catalog
from support.daemon import NOBODY
from support.scripted_upstream import address_answer, always, answer, silence
from support.silent_upstream import SilentUpstream

GOOD = "192.0.2.1"


@pytest.fixture
def two(start, upstream):
    """two(script) starts a daemon whose first upstream follows `script` and whose second is well."""

    def start_with(script):
        first, second = upstream(script), upstream(address_answer)
        daemon = start(forward={"upstreams": [first.text, second.text], "policy": "sequential"})
        return daemon, first, second

    return start_with


def not_dns(_asked):
    return b"not a DNS message at all"


def cut_short(asked):
    return address_answer(asked).to_wire()[:-3]


FAILURES = {
    "silence": silence,
    "SERVFAIL": lambda asked: answer(asked, rcode="SERVFAIL"),
    "REFUSED": lambda asked: answer(asked, rcode="REFUSED"),
    "NOTIMP": lambda asked: answer(asked, rcode="NOTIMP"),
    "cut short": cut_short,
}


@pytest.mark.parametrize("kind", FAILURES)
def test_a_failing_upstream_is_passed_over(two, kind):
    daemon, first, second = two(FAILURES[kind])
    began = time.monotonic()
    assert values(ask(daemon, "web.example.", "A"), "A") == [GOOD]
    assert time.monotonic() - began < 4.5
    assert first.asked() and second.asked()


def test_an_upstream_where_nobody_listens_is_passed_over_at_once(start, upstream):
    second = upstream(address_answer)
    daemon = start(forward={"upstreams": [NOBODY, second.text], "policy": "sequential"})
    began = time.monotonic()
    assert values(ask(daemon, "web.example.", "A"), "A") == [GOOD]
    assert time.monotonic() - began < 3


def test_nxdomain_is_an_answer(two):
    daemon, first, second = two(always(rcode="NXDOMAIN"))
    assert rcode(ask(daemon, "nosuch.example.", "A")) == "NXDOMAIN"
    assert len(first.asked()) == 1 and second.asked() == []


def test_after_failures_the_upstream_that_works_is_asked_first(two):
    daemon, first, _ = two(silence)
    for number in range(8):
        ask(daemon, f"warm{number}.example.", "A")
    began = time.monotonic()
    for number in range(20):
        assert values(ask(daemon, f"n{number}.example.", "A"), "A") == [GOOD]
    assert time.monotonic() - began < 3
    assert len([one for one in first.asked() if one.name.startswith("n")]) < 10


def test_an_upstream_that_is_back_is_used_again(start, upstream):
    state = {"well": False}
    alone = upstream(lambda asked: address_answer(asked) if state["well"] else None)
    daemon = start(forward={"upstreams": [alone.text]})
    assert rcode(ask(daemon, "one.example.", "A")) == "SERVFAIL"
    state["well"] = True
    assert values(ask(daemon, "two.example.", "A"), "A") == [GOOD], "never out of reach"


@pytest.mark.parametrize("count", [1, 3])
def test_when_all_are_silent_it_is_servfail_with_a_reason_within_5_seconds(start, upstream, count):
    daemon = start(forward={"upstreams": [upstream(silence).text for _ in range(count)]})
    began = time.monotonic()
    reply = ask_edns(daemon, "web.example.", "A")
    assert time.monotonic() - began < 5
    assert rcode(reply) == "SERVFAIL" and ede(reply) and set(ede(reply)) <= {22, 23}, reply


def test_when_nobody_listens_it_is_servfail_with_a_reason(start):
    reply = ask_edns(start(), "web.example.", "A")
    assert rcode(reply) == "SERVFAIL" and ede(reply) and set(ede(reply)) <= {22, 23}, reply


def test_when_all_answer_with_errors_it_is_servfail(start, upstream):
    daemon = start(forward={"upstreams": [upstream(FAILURES["REFUSED"]).text, upstream(FAILURES["SERVFAIL"]).text]})
    began = time.monotonic()
    assert rcode(ask(daemon, "web.example.", "A")) == "SERVFAIL"
    assert time.monotonic() - began < 5


def test_a_silent_upstream_does_not_hold_up_other_names(start, upstream):
    slow, quick = upstream(silence), upstream(address_answer)
    daemon = start(forward={"upstreams": [quick.text], "zone": [{"suffix": "slow.example", "upstreams": [slow.text]}]})
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(20) as pool:
        waiting = [pool.submit(ask, daemon, f"n{n}.slow.example.", "A") for n in range(20)]
        time.sleep(0.3)
        began = time.monotonic()
        assert values(ask(daemon, "web.example.", "A"), "A") == [GOOD]
        assert time.monotonic() - began < 1
        assert {rcode(one.result()) for one in waiting} == {"SERVFAIL"}


# --- replies that are not the answer to what was asked (RFC 5452) ---

FALSE = "203.0.113.66"


def false_answer(asked, **changes):
    reply = answer(asked, f"{asked.name} 60 IN A {FALSE}")
    for key, value in changes.items():
        setattr(reply, key, value)
    return reply


def other_question(asked, name=None, rdtype="A"):
    reply = false_answer(asked)
    reply.question = [dns.rrset.RRset(dns.name.from_text(name or asked.spelled), 1, dns.rdatatype.from_text(rdtype))]
    return reply


FORGED = {
    "another id": lambda asked: false_answer(asked, id=asked.message.id ^ 1),
    "another name": lambda asked: other_question(asked, name="bank.example."),
    "another type": lambda asked: other_question(asked, rdtype="AAAA"),
    "no question": lambda asked: false_answer(asked, question=[]),
    "a query": lambda asked: asked.message,
    "a few bytes": lambda asked: asked.message.to_wire()[:5],
}


@pytest.mark.hostile
@pytest.mark.parametrize("kind", FORGED)
def test_a_forged_reply_is_waited_past(start, upstream, kind):
    elsewhere = upstream(lambda asked: [FORGED[kind](asked), address_answer(asked)])
    daemon = start(forward={"upstreams": [elsewhere.text]})
    assert values(ask(daemon, "web.example.", "A"), "A") == [GOOD]
    assert len(elsewhere.asked(transport="udp")) == 1


@pytest.mark.hostile
@pytest.mark.parametrize("where", ["another port", "another address"])
def test_a_reply_from_elsewhere_is_waited_past(start, upstream, where):
    def script(asked):
        host = "127.0.0.1" if where == "another port" else "127.0.0.5"
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as forger:
            forger.bind((host, 0 if where == "another port" else elsewhere.address[1]))
            forger.sendto(false_answer(asked).to_wire(), asked.client)
        time.sleep(0.05)
        return address_answer(asked)

    elsewhere = upstream(script)
    daemon = start(forward={"upstreams": [elsewhere.text]})
    assert values(ask(daemon, "web.example.", "A"), "A") == [GOOD]
    assert len(elsewhere.asked()) == 1


@pytest.mark.hostile
def test_many_forged_replies_do_not_win(start, upstream):
    def script(asked):
        if asked.transport == "tcp":
            return address_answer(asked)
        return [false_answer(asked, id=(asked.message.id + n) % 65536) for n in range(1, 200)]

    elsewhere = upstream(script)
    daemon = start(forward={"upstreams": [elsewhere.text]})
    assert FALSE not in values(ask(daemon, "web.example.", "A"), "A")


@pytest.mark.hostile
def test_a_second_answer_changes_nothing(start, upstream):
    elsewhere = upstream(lambda asked: [address_answer(asked), false_answer(asked)])
    daemon = start(forward={"upstreams": [elsewhere.text]})
    for _ in range(3):
        assert values(ask(daemon, "web.example.", "A"), "A") == [GOOD]


# --- identical questions ---


def slowly(asked):
    time.sleep(0.2)  # less than the time after which the daemon would ask again
    return address_answer(asked)


def test_a_thousand_identical_questions_are_one_upstream_query(start, upstream):
    elsewhere = upstream(slowly)
    daemon = start(forward={"upstreams": [elsewhere.text]})
    clients = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(20)]
    sent = []
    try:
        for index, client in enumerate(clients):
            client.settimeout(10)
            client.connect(daemon.address)
            for number in range(50):
                query = question("busy.example.")
                query.id = index * 50 + number
                client.send(query.to_wire())
                sent.append(query.id)
        heard = []
        for client in clients:
            for _ in range(50):
                reply = dns.message.from_wire(client.recv(4096))
                assert values(reply, "A") == [GOOD]
                heard.append(reply.id)
    finally:
        for client in clients:
            client.close()
    assert sorted(heard) == sorted(sent)
    assert len(elsewhere.asked()) == 1


@pytest.mark.threads
def test_identical_questions_to_several_workers_are_one_upstream_query(start, upstream):
    elsewhere = upstream(slowly)
    daemon = start(forward={"upstreams": [elsewhere.text]}, listen={"workers": 4})
    replies = ask_many(daemon, ["busy.example."] * 200, "A", workers=200)
    assert all(values(reply, "A") == [GOOD] for reply in replies)
    assert len(elsewhere.asked()) == 1


def test_identical_questions_differ_by_type_do_and_cd_but_not_by_case(start, upstream):
    import dns.flags

    from concurrent.futures import ThreadPoolExecutor

    elsewhere = upstream(slowly)
    daemon = start(forward={"upstreams": [elsewhere.text]})
    kinds = [{}, {"rdtype": "AAAA"}, {"want_dnssec": True}, {"flags": dns.flags.RD | dns.flags.CD}]
    with ThreadPoolExecutor(40) as pool:
        for waiting in [pool.submit(ask, daemon, name, **kind) for kind in kinds for name in ("x.example.", "X.EXAMPLE.")]:
            assert rcode(waiting.result()) == "NOERROR"
    assert len(elsewhere.asked()) == 4


def test_those_who_wait_for_a_failure_all_hear_of_it(start, upstream):
    elsewhere = upstream(silence)
    daemon = start(forward={"upstreams": [elsewhere.text]})
    began = time.monotonic()
    replies = ask_many(daemon, ["dead.example."] * 50, "A", workers=50)
    assert {rcode(reply) for reply in replies} == {"SERVFAIL"}
    assert time.monotonic() - began < 6


def test_thousands_of_questions_that_nobody_answers_are_bounded_and_all_hear_of_it(start, upstream, catalog_file):
    """At a bound the oldest goes first with SERVFAIL; the zone is answered all the while; memory does not grow."""
    elsewhere = SilentUpstream()
    path = catalog_file(toml_catalog(service("time", ["10.0.0.1:80"])))
    daemon = start(forward={"upstreams": [elsewhere.text]}, catalog=[{"type": "file", "path": str(path)}])
    clients = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(10)]
    try:
        for client in clients:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
            client.settimeout(8)
            client.connect(daemon.address)
        flood(clients, "warm", 600)
        before = daemon.resident_bytes()
        flood(clients, "more", 600)
        assert values(ask(daemon, "time", "A"), "A") == ["10.0.0.1"]
        codes = {client.recv(4096)[3] & 15 for client in clients for _ in range(1200)}
        assert codes == {2}, "SERVFAIL, each of them"
        daemon.assert_memory_stays(before, 24 << 20)
    finally:
        for client in clients:
            client.close()
        elsewhere.close()


def flood(clients, word, count):
    for number in range(count):
        for index, client in enumerate(clients):
            client.send(question(f"{word}{number}.c{index}.example.").to_wire())
        if number % 20 == 0:
            time.sleep(0.01)  # the daemon's own socket buffer is finite
