"""forwarding.md, Answer cache: what is remembered, for how long, and within which bounds."""
import subprocess
import time

import dns.flags
import pytest

from support.ask import ask, has, rcode, records, soa, ttls, values
from support.fast_upstream import FastUpstream
from support.scripted_upstream import SOA_TEXT, address_answer, answer


@pytest.fixture
def forward(start, upstream):
    def start_both(script, **sections):
        elsewhere = upstream(script)
        return start(forward={"upstreams": [elsewhere.text]}, **sections), elsewhere

    return start_both


def test_an_answer_is_remembered_and_its_ttl_counts_down(forward):
    daemon, elsewhere = forward(address_answer)
    assert ttls(ask(daemon, "web.example.", "A").answer) == {60}
    time.sleep(2.1)
    (left,) = ttls(ask(daemon, "web.example.", "A").answer)
    assert 57 <= left <= 58
    assert len(elsewhere.asked()) == 1


def test_an_answer_is_asked_for_again_after_its_ttl(forward):
    daemon, elsewhere = forward(lambda asked: address_answer(asked, ttl=1))
    ask(daemon, "web.example.", "A")
    time.sleep(2.2)
    assert values(ask(daemon, "web.example.", "A"), "A") == ["192.0.2.1"]
    assert len(elsewhere.asked()) >= 2


def test_the_lowest_ttl_of_all_sections_counts(forward):
    def script(asked):
        return answer(asked, f"{asked.name} 300 IN CNAME b.example.", "b.example. 1 IN A 192.0.2.1")

    daemon, elsewhere = forward(script)
    ask(daemon, "a.example.", "A")
    time.sleep(2.2)
    ask(daemon, "a.example.", "A")
    assert len(elsewhere.asked()) >= 2


@pytest.mark.parametrize("ttl", [0, 0x80000000, 0xffffffff])
def test_a_ttl_of_zero_or_with_the_top_bit_is_never_kept(forward, ttl):
    daemon, elsewhere = forward(lambda asked: with_ttl(asked, ttl))
    for _ in range(3):
        reply = ask(daemon, "zero.example.", "A")
        assert values(reply, "A") == ["192.0.2.1"] and ttls(reply.answer) == {0}
    assert len(elsewhere.asked()) >= 3


def with_ttl(asked, ttl):
    """dnspython reads such TTLs but does not write them."""
    packet = bytearray(address_answer(asked, ttl=0x01020304).to_wire())
    at = packet.index(b"\x01\x02\x03\x04")
    packet[at:at + 4] = ttl.to_bytes(4, "big")
    return bytes(packet)


def test_a_ttl_is_at_most_max_ttl(forward):
    daemon, elsewhere = forward(lambda asked: address_answer(asked, ttl=86400), cache={"max_ttl": "1s"})
    ask(daemon, "long.example.", "A")
    time.sleep(2.2)
    ask(daemon, "long.example.", "A")
    assert len(elsewhere.asked()) >= 2


@pytest.mark.parametrize("code", ["NXDOMAIN", "NOERROR"])
def test_a_negative_answer_is_kept_by_its_soa(forward, code):
    daemon, elsewhere = forward(lambda asked: answer(asked, rcode=code, authority=[SOA_TEXT]))
    assert soa(ask(daemon, "no.example.", "A"))[1] == 30, "min(TTL 60, MINIMUM 30)"
    time.sleep(1.1)
    reply = ask(daemon, "no.example.", "A")
    assert rcode(reply) == code and 28 <= soa(reply)[1] <= 29
    assert len(elsewhere.asked()) == 1


def test_a_negative_answers_soa_ttl_counts_too(forward):
    text = "example. 1 IN SOA ns.example. admin.example. 1 3600 600 86400 300"
    daemon, elsewhere = forward(lambda asked: answer(asked, rcode="NXDOMAIN", authority=[text]))
    ask(daemon, "no.example.", "A")
    time.sleep(2.2)
    ask(daemon, "no.example.", "A")
    assert len(elsewhere.asked()) >= 2


@pytest.mark.parametrize("code", ["NXDOMAIN", "NOERROR"])
def test_a_negative_answer_without_soa_is_not_kept(forward, code):
    daemon, elsewhere = forward(lambda asked: answer(asked, rcode=code))
    for _ in range(3):
        assert rcode(ask(daemon, "no.example.", "A")) == code
    assert len(elsewhere.asked()) >= 3


def test_nodata_of_one_type_says_nothing_of_another(forward):
    daemon, elsewhere = forward(address_answer)
    assert not ask(daemon, "web.example.", "AAAA").answer
    assert values(ask(daemon, "web.example.", "A"), "A") == ["192.0.2.1"]


def test_nxdomain_of_one_type_is_nxdomain_of_all(forward):
    daemon, elsewhere = forward(lambda asked: answer(asked, rcode="NXDOMAIN", authority=[SOA_TEXT]))
    ask(daemon, "no.example.", "A")
    assert rcode(ask(daemon, "no.example.", "AAAA")) == "NXDOMAIN"


def test_nxdomain_covers_the_names_below(forward):
    """RFC 8020, in the RFC matrix."""
    daemon, elsewhere = forward(lambda asked: answer(asked, rcode="NXDOMAIN", authority=[SOA_TEXT]))
    ask(daemon, "no.example.", "A")
    assert rcode(ask(daemon, "a.b.no.example.", "A")) == "NXDOMAIN"
    assert rcode(ask(daemon, "xno.example.", "A")) == "NXDOMAIN"
    assert [one.name.lower() for one in elsewhere.asked()] == ["no.example.", "xno.example."]


def test_names_are_one_entry_whatever_their_case(forward):
    daemon, elsewhere = forward(address_answer)
    for name in ("web.example.", "WEB.example.", "wEb.ExAmPlE."):
        reply = ask(daemon, name, "A")
        assert reply.question[0].name.to_text() == name
    assert len(elsewhere.asked()) == 1


def test_do_and_cd_are_part_of_the_key(forward):
    daemon, elsewhere = forward(address_answer)
    for _ in range(2):
        ask(daemon, "k.example.", "A")
        ask(daemon, "k.example.", "A", want_dnssec=True)
        ask(daemon, "k.example.", "A", flags=dns.flags.RD | dns.flags.CD)
    assert len(elsewhere.asked()) == 3


def test_an_answer_from_the_cache_is_the_answer_from_upstream(forward):
    def script(asked):
        return answer(asked, f"{asked.name} 60 IN CNAME c.example.", "c.example. 50 IN A 192.0.2.1",
                      "c.example. 50 IN A 192.0.2.2", authority=["example. 40 IN NS ns.example."])

    daemon, elsewhere = forward(script)
    first, second = ask(daemon, "x.example.", "A"), ask(daemon, "x.example.", "A")
    assert records(first.answer) == records(second.answer)
    assert records(first.authority) == records(second.authority)
    assert first.flags == second.flags and len(elsewhere.asked()) == 1


def test_the_cache_serves_while_upstream_is_away(start, upstream):
    elsewhere = upstream(address_answer)
    daemon = start(forward={"upstreams": [elsewhere.text]})
    ask(daemon, "kept.example.", "A")
    elsewhere.close()
    assert values(ask(daemon, "kept.example.", "A"), "A") == ["192.0.2.1"]


@pytest.mark.parametrize("code", ["SERVFAIL", "REFUSED"])
def test_a_failure_does_not_displace_what_is_known(start, upstream, code):
    state = {"code": "NOERROR"}
    elsewhere = upstream(lambda asked: address_answer(asked, ttl=60) if state["code"] == "NOERROR" else answer(asked, rcode=code))
    daemon = start(forward={"upstreams": [elsewhere.text]})
    ask(daemon, "good.example.", "A")
    state["code"] = code
    ask(daemon, "bad.example.", "A")
    assert values(ask(daemon, "good.example.", "A"), "A") == ["192.0.2.1"]


def test_truncated_answers_are_not_kept(start, upstream):
    def script(asked):
        return answer(asked, f"{asked.name} 60 IN A 203.0.113.1", flags=["TC"]) if asked.transport == "udp" else answer(asked, rcode="SERVFAIL")

    elsewhere = upstream(script)
    daemon = start(forward={"upstreams": [elsewhere.text]})
    for _ in range(2):
        assert "203.0.113.1" not in values(ask(daemon, "cut.example.", "A"), "A")


def ask_all(folder, daemon, names):
    """Every name once, as fast as it goes."""
    asked = folder / "names"
    asked.write_text("".join(f"{name} A\n" for name in names))
    said = subprocess.run(["dnsperf", "-s", daemon.address[0], "-p", str(daemon.port), "-d", str(asked), "-n", "1",
                           "-q", "100", "-T", "1", "-c", "4"], capture_output=True, text=True, timeout=120, check=True).stdout
    assert "Queries lost:         0" in said, said


def test_the_cache_is_bounded_and_memory_does_not_grow(start, tmp_path):
    elsewhere = FastUpstream()
    try:
        daemon = start(forward={"upstreams": [elsewhere.text]}, cache={"size": "1MiB"})
        ask_all(tmp_path, daemon, [f"first{n}.example." for n in range(20_000)])
        before = daemon.resident_bytes()
        ask_all(tmp_path, daemon, [f"second{n}.example." for n in range(40_000)])
        daemon.assert_memory_stays(before, 2 << 20)
        asked = elsewhere.count
        ask_all(tmp_path, daemon, [f"second{n}.example." for n in range(39_000, 40_000)])
        assert elsewhere.count - asked < 500, "what was asked for last is still there"
        ask_all(tmp_path, daemon, [f"first{n}.example." for n in range(0, 1000)])
        assert elsewhere.count - asked > 900, "what was asked for first has gone"
    finally:
        elsewhere.close()


def test_what_is_asked_for_again_and_again_stays(start, tmp_path):
    elsewhere = FastUpstream()
    try:
        daemon = start(forward={"upstreams": [elsewhere.text]}, cache={"size": "1MiB"})
        hot = [f"hot{n}.example." for n in range(20)]
        ask_all(tmp_path, daemon, hot * 3)
        for batch in range(10):
            ask_all(tmp_path, daemon, [f"cold{batch}x{n}.example." for n in range(1500)] + hot * 2)
        asked = elsewhere.count
        ask_all(tmp_path, daemon, hot)
        assert elsewhere.count - asked <= 4
    finally:
        elsewhere.close()
