"""RFC 5452: what somebody must guess who would answer in an upstream's place, measured where the upstream sees it."""
import re
import signal
import socket
import time
from collections import Counter

import dns.name
import dns.rdatatype
import dns.rrset
import pytest

from support.ask import ask, ask_many, values
from support.daemon import wait_until
from support.fast_upstream import FastUpstream
from support.scripted_upstream import LOOP_PROBE, address_answer, answer
from support.statistics import assert_fits

GOOD = "192.0.2.1"
FALSE = "203.0.113.66"
QUERIES = 2000


class Recorder(FastUpstream):
    """Keeps each query with the port that it came from, in the order of arrival."""

    def __init__(self):
        self.seen = []
        super().__init__()

    def arrived(self, packet, client):
        name, _ = dns.name.from_wire(packet, 12)
        if not name.to_text().lower().endswith(LOOP_PROBE):
            self.seen.append((client[1], int.from_bytes(packet[:2], "big"), name.to_text()))


@pytest.fixture(scope="module")
def seen(shared_start):
    """(port, ID, name as spelled) of 2,000 queries, as the upstream saw them."""
    recorder = Recorder()
    daemon = shared_start(forward={"upstreams": [recorder.text]})
    ask_many(daemon, [f"number-{n}.forgery.example." for n in range(QUERIES)], "A", workers=8)
    recorder.close()
    assert len(recorder.seen) >= QUERIES
    return recorder.seen[:QUERIES]


def test_queries_leave_by_many_ports(seen):
    ports = Counter(port for port, _, _ in seen)
    assert len(ports) >= 1000
    assert max(ports.values()) <= 10, "no port is for everybody"
    assert min(ports) >= 1024
    quarters = Counter((port - 1024) * 4 // (65536 - 1024) for port in ports)
    assert_fits(quarters, {quarter: 1 for quarter in range(4)})


@pytest.mark.parametrize("which", ["ports", "ids"])
@pytest.mark.parametrize("apart", [1, 2, 3, 7])
def test_neither_ports_nor_ids_count_along(seen, which, apart):
    numbers = [one[0 if which == "ports" else 1] for one in seen]
    steps = Counter((b - a) % 65536 for a, b in zip(numbers, numbers[apart:]))
    step, often = steps.most_common(1)[0]
    assert often <= 10, f"{often} of {QUERIES} are their predecessor + {step}"


@pytest.mark.parametrize("shift", [0, 4, 8, 12])
def test_ids_are_even_in_all_their_bits(seen, shift):
    assert_fits(Counter(number >> shift & 15 for _, number, _ in seen), {value: 1 for value in range(16)})


def test_ids_do_not_follow_from_ports(seen):
    assert_fits(Counter((port ^ number) & 15 for port, number, _ in seen), {value: 1 for value in range(16)})


def test_each_letter_is_upper_case_every_other_time(seen):
    for place, letter in enumerate("number"):
        assert_fits(Counter(name[place] for _, _, name in seen), {letter: 1, letter.upper(): 1})
    assert len({name.split(".", 1)[1] for _, _, name in seen}) > 1500, "14 letters: the case is drawn anew for each"


# --- what does not match is waited past, and counted ---


def forged(asked):
    return answer(asked, f"{asked.name} 60 IN A {FALSE}")


def wrong_id(asked):
    reply = forged(asked)
    reply.id ^= 1
    return reply


def wrong_question(asked):
    reply = forged(asked)
    reply.question = [dns.rrset.RRset(dns.name.from_text("bank.example."), 1, dns.rdatatype.A)]
    return reply


def wrong_case(asked):
    reply = forged(asked)
    reply.question = [dns.rrset.RRset(dns.name.from_text(asked.spelled.swapcase()), 1, dns.rdatatype.A)]
    return reply


def mismatches(daemon):
    """(all, those but for the case), from the dump."""
    pattern = r"(\d+) replies that match nothing, (\d+) of them"
    before = len(re.findall(pattern, daemon.log()))
    daemon.send_signal(signal.SIGUSR1)
    found = wait_until(lambda: re.findall(pattern, daemon.log())[before:], 5, daemon.log)
    return int(found[-1][0]), int(found[-1][1])


@pytest.mark.hostile
@pytest.mark.parametrize("forge, counted", [(wrong_id, (10, 0)), (wrong_question, (10, 0)), (wrong_case, (10, 10))])
def test_what_does_not_match_is_waited_past_and_counted(start, upstream, forge, counted):
    elsewhere = upstream(lambda asked: [forge(asked), address_answer(asked)])
    daemon = start(forward={"upstreams": [elsewhere.text]})
    for n in range(10):
        assert values(ask(daemon, f"n{n}.example.", "A"), "A") == [GOOD]
    assert mismatches(daemon) == counted
    assert len(elsewhere.asked(transport="udp")) == 10


@pytest.mark.hostile
@pytest.mark.parametrize("host, same_port", [("127.0.0.1", False), ("127.0.0.5", True)], ids=["port", "address"])
def test_replies_from_another_port_or_address_are_not_even_heard(start, upstream, host, same_port):
    def script(asked):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as forger:
            forger.bind((host, elsewhere.address[1] if same_port else 0))
            forger.sendto(forged(asked).to_wire(), asked.client)
        time.sleep(0.02)
        return address_answer(asked)

    elsewhere = upstream(script)
    daemon = start(forward={"upstreams": [elsewhere.text]})
    for n in range(10):
        assert values(ask(daemon, f"n{n}.example.", "A"), "A") == [GOOD]


@pytest.mark.hostile
def test_a_server_that_does_not_echo_the_case_is_asked_in_lower_case(start, upstream):
    def script(asked):
        reply = address_answer(asked)
        reply.question = [dns.rrset.RRset(dns.name.from_text(asked.name), 1, dns.rdatatype.A)]
        return reply

    elsewhere = upstream(script)
    daemon = start(forward={"upstreams": [elsewhere.text]})
    began = time.monotonic()
    assert values(ask(daemon, "the-first-of-its-letters.example.", "A"), "A") == [GOOD]
    assert time.monotonic() - began < 1, "found out soon"
    for n in range(20):
        assert values(ask(daemon, f"n{n}.example.", "A"), "A") == [GOOD]
    spelled = [one.spelled for one in elsewhere.asked()]
    assert spelled[0] != spelled[0].lower()
    assert all(name == name.lower() for name in spelled[-20:])
