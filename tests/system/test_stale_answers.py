"""forwarding.md, Answer cache: what clients hear while upstream is away (RFC 8767, RFC 9520), and prefetch."""
import time

import pytest

from support.ask import ask, ask_edns, ede, ede_text, rcode, ttls, values
from support.scripted_upstream import address_answer, answer

STALE, STALE_NXDOMAIN, NOT_REACHED = 3, 19, (22, 23)


class Switched:
    """An upstream's script that answers, is silent, or refuses, as `mode` says."""

    def __init__(self, ttl=1):
        self.mode = "answers"
        self.ttl = ttl

    def __call__(self, asked):
        if self.mode == "silent":
            return None
        if self.mode == "servfail":
            return answer(asked, rcode="SERVFAIL")
        if asked.name.lower().startswith("no"):
            return answer(asked, rcode="NXDOMAIN", authority=["example. 1 IN SOA ns.example. h.example. 1 2 3 4 1"])
        return address_answer(asked, ttl=self.ttl)


@pytest.fixture
def forward(start, upstream):
    def start_both(script, **sections):
        elsewhere = upstream(script)
        return start(forward={"upstreams": [elsewhere.text]}, **sections), elsewhere

    return start_both


def timed(daemon, name, rdtype="A"):
    began = time.monotonic()
    reply = ask_edns(daemon, name, rdtype)
    return reply, time.monotonic() - began


def test_known_names_are_answered_within_2_s_and_then_at_once(forward):
    script = Switched()
    daemon, _ = forward(script)
    for name in ("a.example.", "b.example."):
        ask(daemon, name, "A")
    script.mode = "silent"
    time.sleep(1.1)
    reply, took = timed(daemon, "a.example.")
    assert values(reply, "A") == ["192.0.2.1"] and ttls(reply.answer) == {30}
    assert ede(reply) == [STALE] and took < 2.2
    time.sleep(3.5)  # the query is given up: it is known now
    for name in ("a.example.", "b.example."):
        reply, took = timed(daemon, name)
        assert values(reply, "A") == ["192.0.2.1"] and ede(reply) == [STALE]
        assert took < 0.5


def test_a_stale_nxdomain_is_marked_so(forward):
    script = Switched()
    daemon, _ = forward(script)
    assert rcode(ask(daemon, "no.example.", "A")) == "NXDOMAIN"
    script.mode = "servfail"
    time.sleep(1.1)
    reply = ask_edns(daemon, "no.example.", "A")
    assert rcode(reply) == "NXDOMAIN" and ede(reply) == [STALE_NXDOMAIN]


def test_a_servfail_never_shadows_what_was_known(forward):
    script = Switched()
    daemon, elsewhere = forward(script)
    ask(daemon, "a.example.", "A")
    script.mode = "servfail"
    time.sleep(1.1)
    for _ in range(5):
        reply = ask_edns(daemon, "a.example.", "A")
        assert values(reply, "A") == ["192.0.2.1"] and ede(reply) == [STALE]
    assert len(elsewhere.asked("a.example.")) <= 3, "a failure is remembered"
    script.mode = "answers"
    time.sleep(1.1)
    reply = ask_edns(daemon, "a.example.", "A")
    assert values(reply, "A") == ["192.0.2.1"] and ede(reply) == []


def test_stale_answers_can_be_turned_off(forward):
    script = Switched()
    daemon, _ = forward(script, cache={"stale_for": "0s"})
    ask(daemon, "a.example.", "A")
    script.mode = "servfail"
    time.sleep(1.1)
    assert rcode(ask(daemon, "a.example.", "A")) == "SERVFAIL"


def test_a_failure_is_remembered_for_a_second_and_says_why(forward):
    script = Switched()
    daemon, elsewhere = forward(script)
    script.mode = "servfail"
    assert rcode(ask(daemon, "new.example.", "A")) == "SERVFAIL"
    seen = len(elsewhere.asked("new.example."))
    reply = ask_edns(daemon, "new.example.", "A")
    assert rcode(reply) == "SERVFAIL" and ede(reply)[0] in NOT_REACHED
    assert "asked again in" in ede_text(reply)
    assert len(elsewhere.asked("new.example.")) == seen
    script.mode = "answers"
    time.sleep(1.1)
    assert values(ask(daemon, "new.example.", "A"), "A") == ["192.0.2.1"]


def test_an_answer_in_use_is_fetched_before_it_ends(forward):
    script = Switched(ttl=2)
    daemon, elsewhere = forward(script)
    ask(daemon, "a.example.", "A")
    time.sleep(1.85)
    ask(daemon, "a.example.", "A")
    ask(daemon, "a.example.", "A")
    time.sleep(0.3)
    assert len(elsewhere.asked("a.example.")) == 2, "once, behind the answer"
    assert values(ask(daemon, "a.example.", "A"), "A") == ["192.0.2.1"]
    assert len(elsewhere.asked("a.example.")) == 2


def test_prefetch_can_be_turned_off(forward):
    script = Switched(ttl=2)
    daemon, elsewhere = forward(script, cache={"prefetch": False})
    ask(daemon, "a.example.", "A")
    time.sleep(1.85)
    ask(daemon, "a.example.", "A")
    time.sleep(0.1)
    assert len(elsewhere.asked("a.example.")) == 1
