"""forwarding.md, Forwarder: what is passed on, and what comes back."""
import dns.edns
import dns.flags
import pytest

from support.ask import ask, ask_edns, has, option, question, rcode, records, send, soa, strings, values
from support.scripted_upstream import SOA_TEXT, address_answer, always, answer, silence

CLIENT_SUBNET = 8


@pytest.fixture
def forward(start, upstream):
    """forward(script) starts an upstream and a daemon that forwards to it; returns both."""

    def start_both(script, **sections):
        elsewhere = upstream(script)
        keys = {"upstreams": [elsewhere.text], **sections.pop("forward", {})}
        return start(forward=keys, **sections), elsewhere

    return start_both


def test_an_answer_comes_through(forward):
    daemon, elsewhere = forward(always("web.example. 60 IN CNAME real.example.", "real.example. 60 IN A 192.0.2.5"))
    reply = ask(daemon, "web.example.", "A")
    assert records(reply.answer) == ["web.example. CNAME real.example.", "real.example. A 192.0.2.5"]
    assert has(reply, "RA") and not has(reply, "AA") and has(reply, "RD")
    assert len(elsewhere.asked()) == 1


def test_the_question_goes_out_with_rd_and_edns(forward):
    daemon, elsewhere = forward(address_answer)
    ask(daemon, "web.example.", "A")
    (asked,) = elsewhere.asked()
    assert asked.message.flags & dns.flags.RD and asked.message.edns == 0


@pytest.mark.parametrize("code", ["NXDOMAIN", "NOERROR"])
def test_a_negative_answer_comes_through_with_its_soa(forward, code):
    daemon, _ = forward(always(rcode=code, authority=[SOA_TEXT]))
    reply = ask(daemon, "nosuch.example.", "A")
    assert rcode(reply) == code and not reply.answer and soa(reply)[0].minimum == 30


def test_the_case_of_the_question_is_echoed(forward):
    daemon, _ = forward(address_answer)
    for name in ("WeB.ExAmPlE.", "web.example.", "WEB.EXAMPLE."):
        reply = ask(daemon, name, "A")
        assert reply.question[0].name.to_text() == name
        assert reply.answer[0].name.to_text() == name


@pytest.mark.parametrize("size", [0, 1, 2, 17, 400])
def test_unknown_types_pass_byte_for_byte(forward, size):
    data = bytes((n * 37 + 192) % 256 for n in range(size))  # it holds what looks like compression
    daemon, _ = forward(lambda asked: answer(asked, f"{asked.name} 60 IN TYPE65280 \\# {size} {data.hex()}"))
    for _ in ("from upstream", "from the cache"):
        (record,) = ask(daemon, "odd.example.", "TYPE65280", tcp=True).answer[0]
        assert record.to_generic().data == data


@pytest.mark.parametrize("rdtype, rdata", [
    ("MX", "10 mail.example."), ("TXT", '"one" "two"'), ("CAA", '0 issue "ca.example"'), ("SRV", "1 2 3 host.example."),
    ("NAPTR", '1 2 "s" "x" "" next.example.'), ("DNSKEY", "256 3 8 AwEAAaz/"), ("LOC", "51 30 12.748 N 0 7 39.612 W 0.00m"),
    ("HTTPS", "1 . alpn=h2"), ("SSHFP", "1 1 aa"), ("DS", "1 8 2 " + "ab" * 32),
])
def test_known_types_pass_as_they_are(forward, rdtype, rdata):
    daemon, elsewhere = forward(lambda asked: answer(asked, f"{asked.name} 60 IN {rdtype} {rdata}"))
    direct = values(ask(elsewhere.address, "x.example.", rdtype), rdtype)
    for _ in ("from upstream", "from the cache"):
        assert values(ask(daemon, "x.example.", rdtype), rdtype) == direct


def test_do_and_cd_are_passed_on(forward):
    daemon, elsewhere = forward(address_answer)
    send(daemon.address, question("do.example.", want_dnssec=True))
    send(daemon.address, question("cd.example.", flags=dns.flags.RD | dns.flags.CD))
    ask(daemon, "plain.example.", "A")
    asked = {one.name.lower(): one.message for one in elsewhere.asked()}
    assert asked["do.example."].ednsflags & dns.flags.DO and not asked["do.example."].flags & dns.flags.CD
    assert asked["cd.example."].flags & dns.flags.CD and not asked["cd.example."].ednsflags & dns.flags.DO
    plain = asked["plain.example."]
    assert not plain.flags & dns.flags.CD and not plain.ednsflags & dns.flags.DO


def test_signatures_reach_only_those_who_asked_for_them(forward):
    signature = "A 8 2 60 20300101000000 20200101000000 1 example. AAAA"

    def script(asked):
        texts = [f"{asked.name} 60 IN A 192.0.2.1"]
        if asked.message.ednsflags & dns.flags.DO:
            texts.append(f"{asked.name} 60 IN RRSIG {signature}")
        return answer(asked, *texts)

    daemon, elsewhere = forward(script)
    for _ in range(2):
        assert len(ask(daemon, "s.example.", "A", want_dnssec=True).answer) == 2
        assert len(ask(daemon, "s.example.", "A").answer) == 1
    assert len(elsewhere.asked()) == 2, "DO is part of the key"


@pytest.mark.parametrize("trust, flags, dnssec, seen", [
    (True, dns.flags.RD | dns.flags.AD, False, True), (True, dns.flags.RD, True, True), (True, dns.flags.RD, False, False),
    (False, dns.flags.RD | dns.flags.AD, False, False), (False, dns.flags.RD, True, False),
])
def test_ad_is_for_those_who_asked_and_only_from_a_trusted_upstream(forward, trust, flags, dnssec, seen):
    daemon, _ = forward(lambda asked: address_answer(asked, flags=["AD"]), forward={"trust_ad": trust})
    for _ in ("from upstream", "from the cache"):
        reply = ask(daemon, "ad.example.", "A", flags=flags, want_dnssec=dnssec)
        assert has(reply, "AD") == seen


def test_a_clients_options_do_not_travel(forward):
    daemon, elsewhere = forward(address_answer)
    subnet = dns.edns.ECSOption("203.0.113.0", 24)
    strange = dns.edns.GenericOption(65001, b"tell nobody")
    reply = ask(daemon, "ecs.example.", "A", options=[subnet, strange])
    assert option(reply, CLIENT_SUBNET) is None
    (asked,) = elsewhere.asked()
    assert {int(one.otype) for one in asked.message.options} & {CLIENT_SUBNET, 65001} == set()


def test_an_upstreams_options_do_not_travel(forward):
    def script(asked):
        reply = address_answer(asked)
        reply.use_edns(0, 0, 1400, options=[dns.edns.GenericOption(65001, b"secret")])
        return reply

    daemon, _ = forward(script)
    assert option(ask_edns(daemon, "o.example.", "A"), 65001) is None
    assert ask_edns(daemon, "o.example.", "A").payload == 1232


def test_an_upstream_without_edns_is_asked_without_and_remembered(forward):
    def script(asked):
        if asked.message.edns >= 0:
            return answer(asked, rcode="FORMERR", edns=False)
        return address_answer(asked)

    daemon, elsewhere = forward(script)
    assert values(ask_edns(daemon, "one.example.", "A"), "A") == ["192.0.2.1"]
    assert [one.message.edns for one in elsewhere.asked()] == [0, -1]
    assert values(ask_edns(daemon, "two.example.", "A"), "A") == ["192.0.2.1"]
    assert [one.message.edns for one in elsewhere.asked("two.example.")] == [-1]


def test_truncated_over_udp_is_asked_again_over_tcp(forward):
    texts = [f"long.example. 60 IN TXT {'x' * 200}{n}" for n in range(20)]

    def script(asked):
        return answer(asked, flags=["TC"]) if asked.transport == "udp" else answer(asked, *texts)

    daemon, elsewhere = forward(script)
    whole = ask(daemon, "long.example.", "TXT", tcp=True)
    assert len(strings(whole)) == 20 and not has(whole, "TC")
    cut = ask(daemon, "long.example.", "TXT")
    assert has(cut, "TC") and rcode(cut) == "NOERROR"
    assert [one.transport for one in elsewhere.asked()] == ["udp", "tcp"], "the whole answer is in the cache"


def test_a_truncated_answer_that_fits_after_all_is_whole(forward):
    def script(asked):
        return answer(asked, flags=["TC"]) if asked.transport == "udp" else address_answer(asked)

    daemon, _ = forward(script)
    reply = ask(daemon, "short.example.", "A")
    assert values(reply, "A") == ["192.0.2.1"] and not has(reply, "TC")


@pytest.mark.parametrize("records_of_250", [230, 240])
def test_over_tcp_an_answer_may_have_nearly_64_kib(forward, records_of_250):
    texts = [f"huge.example. 60 IN TXT {n:03}{'x' * 247}" for n in range(records_of_250)]

    def script(asked):
        return answer(asked, flags=["TC"]) if asked.transport == "udp" else answer(asked, *texts)

    daemon, _ = forward(script)
    for _ in ("from upstream", "from the cache"):
        assert len(strings(ask(daemon, "huge.example.", "TXT", tcp=True))) == records_of_250


def test_when_tcp_fails_after_truncation_the_next_upstream_is_asked(start, upstream):
    def cut(asked):
        return answer(asked, flags=["TC"]) if asked.transport == "udp" else None

    first, second = upstream(cut), upstream(address_answer)
    daemon = start(forward={"upstreams": [first.text, second.text], "policy": "sequential"})
    assert values(ask(daemon, "x.example.", "A"), "A") == ["192.0.2.1"]


def test_a_tcp_upstream_is_asked_over_tcp(start, upstream):
    elsewhere = upstream(address_answer)
    daemon = start(forward={"upstreams": [f"tcp://{elsewhere.text}"]})
    for number in range(5):
        assert values(ask(daemon, f"n{number}.example.", "A"), "A") == ["192.0.2.1"]
    assert {one.transport for one in elsewhere.asked()} == {"tcp"}


def test_an_ipv6_upstream_is_asked(start, upstream):
    elsewhere = upstream(address_answer, host="::1")
    daemon = start(forward={"upstreams": [elsewhere.text]})
    assert values(ask(daemon, "six.example.", "A"), "A") == ["192.0.2.1"]


def test_names_under_a_suffix_go_to_its_own_upstreams_and_the_longest_wins(start, upstream):
    general = upstream(lambda asked: address_answer(asked, value="192.0.2.1"))
    corp = upstream(lambda asked: address_answer(asked, value="192.0.2.2"))
    lab = upstream(lambda asked: address_answer(asked, value="192.0.2.3"))
    daemon = start(forward={"upstreams": [general.text], "zone": [
        {"suffix": "corp.example", "upstreams": [corp.text]},
        {"suffix": "lab.corp.example", "upstreams": [lab.text]},
    ]})
    expected = {"web.example.": "192.0.2.1", "corp.example.": "192.0.2.2", "a.corp.example.": "192.0.2.2",
                "A.LAB.corp.example.": "192.0.2.3", "lab.corp.example.": "192.0.2.3", "xcorp.example.": "192.0.2.1"}
    for name, address in expected.items():
        assert values(ask(daemon, name, "A"), "A") == [address], name
    assert {one.name.lower() for one in lab.asked()} == {"a.lab.corp.example.", "lab.corp.example."}


def test_reverse_names_may_have_upstreams_of_their_own(start, upstream):
    general = upstream(silence)
    office = upstream(lambda asked: answer(asked, f"{asked.name} 60 IN PTR host.corp.example."))
    daemon = start(forward={"upstreams": [general.text], "zone": [{"suffix": "10.in-addr.arpa", "upstreams": [office.text]}]})
    assert values(ask(daemon, "4.3.2.10.in-addr.arpa.", "PTR"), "PTR") == ["host.corp.example."]


def test_upstream_queries_are_hard_to_guess(forward):
    daemon, elsewhere = forward(address_answer)
    for number in range(100):
        ask(daemon, f"r{number}.example.", "A")
    ids = [one.message.id for one in elsewhere.asked()]
    ports = [one.client[1] for one in elsewhere.asked()]
    assert len(set(ids)) > 90
    assert len(set(ports)) > 20, "never one socket for all"
    steps = {(after - before) % 65536 for before, after in zip(ids, ids[1:])}
    assert len(steps) > 80, "not a counter"


def test_the_clients_id_does_not_travel(forward):
    daemon, elsewhere = forward(address_answer)
    same = 0
    for number in range(20):
        query = question(f"i{number}.example.")
        send(daemon.address, query)
        same += elsewhere.asked(f"i{number}.example.")[0].message.id == query.id
    assert same <= 1
