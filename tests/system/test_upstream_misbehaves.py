"""Issue 3: an upstream that restarts, drops, delays, cuts, lies, does not know EDNS or answers in any order. Whatever it
does, every client gets the right answer. (What a failing upstream does to the choice of servers: test_failover.py.)"""
import hashlib
import random
import threading
import time
from collections import Counter

import dns.message
import pytest

from support.ask import ask, ask_many, rcode, values
from support.daemon import wait_until
from support.scripted_upstream import ScriptedUpstream, answer

COUNT = 200


def address_of(name):
    """Every name has an address of its own, so that an answer to another question is seen."""
    digest = hashlib.sha256(name.lower().encode()).digest()
    return f"198.51.{digest[0]}.{digest[1]}"


def right(asked, **how):
    return answer(asked, f"{asked.name} 60 IN A {address_of(asked.name)}", **how)


def names(word):
    return [f"{word}{number}.example." for number in range(COUNT)]


def assert_all_right(daemon, word):
    """Every name twice: from upstream, and remembered."""
    for _ in range(2):
        for name, reply in zip(names(word), ask_many(daemon, names(word))):
            assert rcode(reply) == "NOERROR" and values(reply, "A") == [address_of(name)], reply


def some(share, seed=1):
    """True for that share of calls."""
    luck, lock = random.Random(seed), threading.Lock()

    def chosen():
        with lock:
            return luck.random() < share

    return chosen


def drops_a_fifth():
    """But no name three times: a resolver may ask a server no more often (RFC 9520, 3.1)."""
    chosen, drops, lock = some(0.2), Counter(), threading.Lock()

    def script(asked):
        with lock:
            drop = drops[asked.name.lower()] < 2 and chosen()
            drops[asked.name.lower()] += drop
        return None if drop else right(asked)

    return script


def delays():
    luck = random.Random(2)

    def script(asked):
        time.sleep(luck.uniform(0, 0.3))
        return right(asked)

    return script


def cuts():
    """Over UDP nothing but TC; the answer is there over TCP."""
    return lambda asked: answer(asked, flags=["TC"]) if asked.transport == "udp" else right(asked)


def cuts_some():
    cut = some(0.3)
    return lambda asked: answer(asked, flags=["TC"]) if asked.transport == "udp" and cut() else right(asked)


def wrong_id_first():
    def script(asked):
        lie = answer(asked, f"{asked.name} 60 IN A 203.0.113.66")
        lie.id ^= 0x5555
        return [lie, right(asked)]

    return script


def wrong_question_first():
    def script(asked):
        other = dns.message.make_query("elsewhere.example.", "A")
        other.id = asked.message.id
        lie = dns.message.make_response(other)
        lie.answer = answer(asked, "elsewhere.example. 60 IN A 203.0.113.66").answer
        return [lie, right(asked)]

    return script


def no_edns():
    return lambda asked: answer(asked, rcode="FORMERR", edns=False) if asked.message.edns >= 0 else right(asked, edns=False)


def reorders():
    """Keeps replies until it has ten or a moment has passed, and sends them last first, over UDP."""
    waiting, lock = [], threading.Lock()

    def script(asked):
        with lock:
            turn = len(waiting) % 10
            waiting.append(asked)
        time.sleep((10 - turn) * 0.01)
        return right(asked)

    return script


def repeats():
    return lambda asked: [right(asked), right(asked), right(asked)]


def everything_at_once():
    scripts = [drops_a_fifth(), delays(), cuts_some(), wrong_id_first(), wrong_question_first(), repeats()]
    luck = random.Random(3)
    return lambda asked: luck.choice(scripts)(asked)


SCRIPTS = [drops_a_fifth, delays, cuts, cuts_some, wrong_id_first, wrong_question_first, no_edns, reorders, repeats,
           everything_at_once]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.__name__)
@pytest.mark.parametrize("servers", [1, 2])
def test_every_client_gets_the_right_answer(start, upstream, script, servers):
    daemon = start(forward={"upstreams": [upstream(script()).text for _ in range(servers)]})
    assert_all_right(daemon, f"{script.__name__.replace('_', '-')}-")


@pytest.mark.parametrize("script", [wrong_id_first, wrong_question_first], ids=lambda script: script.__name__)
def test_a_lie_is_not_remembered_for_the_name_it_spoke_of(start, upstream, script):
    elsewhere = upstream(script())
    daemon = start(forward={"upstreams": [elsewhere.text]})
    ask_many(daemon, names("asked"))
    elsewhere.script = right
    (reply,) = ask_many(daemon, ["elsewhere.example."])
    assert values(reply, "A") == [address_of("elsewhere.example.")]


class Asking:
    """Asks for new names, ten at once, until stop()."""

    def __init__(self, daemon):
        self.heard = {}
        self._daemon, self._stopped = daemon, threading.Event()
        self._thread = threading.Thread(target=self._ask_on)
        self._thread.start()

    def _ask_on(self):
        number = 0
        while not self._stopped.is_set():
            batch = [f"r{number}-{each}.example." for each in range(10)]
            self.heard.update(zip(batch, ask_many(self._daemon, batch, workers=10)))
            number += 1
            time.sleep(0.03)

    def stop(self):
        self._stopped.set()
        self._thread.join()


def restart(one):
    """Away for half a second; then another on the same port."""
    one.close()
    time.sleep(0.5)
    return ScriptedUpstream(right, port=one.address[1])


def test_two_restart_in_turn_and_nobody_hears_of_it(start):
    both = [ScriptedUpstream(right), ScriptedUpstream(right)]
    daemon = start(forward={"upstreams": [one.text for one in both]})
    asking = Asking(daemon)
    try:
        for turn in range(6):
            time.sleep(0.4)
            both[turn % 2] = restart(both[turn % 2])
    finally:
        asking.stop()
        for one in both:
            one.close()
    assert len(asking.heard) > 100
    for name, reply in asking.heard.items():
        assert rcode(reply) == "NOERROR" and values(reply, "A") == [address_of(name)], reply


def test_the_only_one_restarts_and_is_used_again_at_once(start):
    """While nobody listens there, clients hear SERVFAIL soon; two seconds after it is back they hear answers again."""
    only = ScriptedUpstream(right)
    daemon = start(forward={"upstreams": [only.text]})
    asking = Asking(daemon)
    try:
        for _ in range(3):
            time.sleep(0.3)
            only = restart(only)
            wait_until(lambda: ask_right(daemon, f"back{time.monotonic_ns()}.example."), 2)
    finally:
        asking.stop()
    assert_all_right(daemon, "after")
    only.close()
    for name, reply in asking.heard.items():
        assert rcode(reply) == "SERVFAIL" or values(reply, "A") == [address_of(name)], reply


def ask_right(daemon, name):
    return values(ask(daemon, name), "A") == [address_of(name)]
