"""With servers that others wrote: unbound as the upstream, NSD as the authority behind it."""
import pytest

from support.ask import ask, ask_edns, has, rcode, records, soa

ZONE = "example."
LONG = " ".join(f'"{chr(97 + n % 26) * 250}"' for n in range(12))
RECORDS = f"""$ORIGIN example.
$TTL 300
@      IN SOA ns hostmaster 1 3600 600 86400 60
@      IN NS ns
@      IN MX 10 mail
ns     IN A 127.0.0.1
web    IN A 198.51.100.7
web    IN A 198.51.100.8
web    IN AAAA 2001:db8::7
mail   IN A 198.51.100.9
alias  IN CNAME chain
chain  IN CNAME web
below  IN DNAME other
x.other IN A 198.51.100.10
text   IN TXT "short" "and sweet"
long   IN TXT {LONG}
_http._tcp IN SRV 1 2 80 web
caa    IN CAA 0 issue "ca.example"
https  IN HTTPS 1 . alpn=h2
odd    IN TYPE65280 \\# 5 C00C000102
*.wild IN A 198.51.100.11
quick 1 IN A 198.51.100.12
"""


@pytest.fixture(scope="module")
def servers(authority_and_resolver):
    return authority_and_resolver(ZONE, RECORDS)


@pytest.fixture(scope="module")
def daemon(shared_start, servers):
    return shared_start(forward={"upstreams": [servers[1].text]})


QUESTIONS = [
    ("example.", "MX"), ("example.", "SOA"), ("example.", "NS"), ("web.example.", "A"), ("web.example.", "AAAA"),
    ("web.example.", "MX"), ("alias.example.", "A"), ("alias.example.", "CNAME"), ("x.below.example.", "A"),
    ("text.example.", "TXT"), ("_http._tcp.example.", "SRV"), ("caa.example.", "CAA"), ("https.example.", "HTTPS"),
    ("odd.example.", "TYPE65280"), ("any.wild.example.", "A"), ("nosuch.example.", "A"), ("a.nosuch.example.", "TXT"),
    ("long.example.", "TXT"),
]


def said(reply):
    return rcode(reply), sorted(records(reply.answer)), soa(reply)[0]


@pytest.mark.parametrize("name, rdtype", QUESTIONS)
@pytest.mark.parametrize("tcp", [False, True], ids=["udp", "tcp"])
def test_the_daemon_says_what_the_resolver_says(daemon, servers, name, rdtype, tcp):
    direct = ask(servers[1], name, rdtype, tcp=True)
    through = ask_edns(daemon, name, rdtype, tcp=tcp)
    if has(through, "TC"):
        assert not tcp
        return
    assert said(through) == said(direct)
    assert said(ask_edns(daemon, name, rdtype, tcp=tcp)) == said(direct), "from the cache"


def test_an_answer_too_large_for_udp_is_whole_over_tcp(daemon):
    assert has(ask(daemon, "long.example.", "TXT"), "TC")
    whole = ask(daemon, "long.example.", "TXT", tcp=True)
    assert sum(len(part) for part in whole.answer[0][0].strings) == 3000


def test_an_authority_may_be_the_upstream_of_a_suffix(shared_start, servers):
    daemon = shared_start(forward={"zone": [{"suffix": "example", "upstreams": [servers[0].text]}]})
    assert sorted(records(ask(daemon, "web.example.", "A").answer)) == ["web.example. A 198.51.100.7", "web.example. A 198.51.100.8"]
    assert rcode(ask(daemon, "web.elsewhere.", "A")) == "SERVFAIL"


def test_a_resolver_and_a_dead_one_together_answer(shared_start, servers):
    from support.daemon import NOBODY

    daemon = shared_start(forward={"upstreams": [NOBODY, servers[1].text]})
    for name in ("web.example.", "mail.example.", "x.other.example."):
        assert rcode(ask(daemon, name, "A")) == "NOERROR"
