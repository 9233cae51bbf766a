"""zone.md, Names and types: everything but SRV, A and AAAA."""
import dns.rdatatype
import dns.rdtypes.svcbbase
import pytest

from support.ask import ZONE, ask, assert_nodata, assert_nxdomain, endpoints, has, rcode, strings, values
from support.zone_catalog import HELLO, ZONE_CATALOG

PORT = dns.rdtypes.svcbbase.ParamKey.PORT
IPV4HINT = dns.rdtypes.svcbbase.ParamKey.IPV4HINT


@pytest.fixture(scope="module")
def daemon(shared_start, tmp_path_factory):
    path = tmp_path_factory.mktemp("catalog") / "services.toml"
    path.write_text(ZONE_CATALOG)
    return shared_start(catalog=[{"type": "file", "path": str(path)}], chaos={"version": "Signpost 7", "id": "host-a"},
                        listen={"addresses": ["127.0.0.1:0", "[::1]:0"]})


def test_txt_describes_each_instance(daemon):
    lists = strings(ask(daemon, "time", "TXT"))
    assert len(lists) == 2
    first = next(one for one in lists if "id=time-1" in one)
    second = next(one for one in lists if "id=time-2" in one)
    assert {"version=1.0", "status=healthy", "zone=us-east-1a"} <= set(first)
    assert {"version=1.0", "url=http://10.0.1.8:8082/now"} <= set(second)


@pytest.mark.parametrize("name", ["1.0.helloworld", "1.0._helloworld._tcp"])
def test_uri_has_the_whole_endpoint(daemon, name):
    assert values(ask(daemon, name, "URI"), "URI") == [f'1 100 "https://{HELLO}/dev"']


def test_uri_has_only_the_instances_with_a_url(daemon):
    assert values(ask(daemon, "time", "URI"), "URI") == ['1 300 "http://10.0.1.8:8082/now"']
    assert_nodata(ask(daemon, "dual", "URI"))


@pytest.mark.parametrize("rdtype", ["HTTPS", "SVCB"])
def test_https_and_svcb_name_an_instance_that_speaks_https(daemon, rdtype):
    reply = ask(daemon, "secure", rdtype)
    (record,) = [rdata for rrset in reply.answer for rdata in rrset]
    assert record.priority >= 1, "ServiceMode"
    assert record.target.to_text() in (f"ip-10-0-4-1.addr.{ZONE}", ".")
    assert record.params[PORT].port == 8443
    assert record.params[IPV4HINT].addresses == ("10.0.4.1",)


@pytest.mark.parametrize("rdtype", ["HTTPS", "SVCB"])
def test_https_and_svcb_of_another_scheme_are_nodata(daemon, rdtype):
    assert_nodata(ask(daemon, "time", rdtype))


def test_explain_has_one_record_for_each_instance_in_or_out(daemon):
    lists = strings(ask(daemon, "_explain.sick", "TXT"))
    assert len(lists) == 2
    told = [" ".join(one) for one in lists]
    out = next(one for one in told if "10.0.7.1" in one)
    kept = next(one for one in told if "10.0.7.2" in one)
    assert "out" in out and "unhealthy" in out
    assert "in" in kept.split() or "in:" in kept or "in" in kept.replace(",", " ").replace(";", " ").split()


def test_explain_names_the_source(daemon):
    assert "services.toml" in " ".join(" ".join(one) for one in strings(ask(daemon, "_explain.time", "TXT", tcp=True)))


def test_explain_shows_draining_instances(daemon):
    told = [" ".join(one) for one in strings(ask(daemon, "_explain.leaving", "TXT"))]
    assert any("10.0.7.5" in one and "draining" in one for one in told)


def test_explain_of_nothing_is_nxdomain(daemon):
    assert_nxdomain(ask(daemon, "_explain.nosuch", "TXT"))


def test_dns_sd_lists_the_service_types(daemon):
    types = values(ask(daemon, "_services._dns-sd._udp", "PTR", tcp=True), "PTR")
    assert f"_time._tcp.{ZONE}" in types and f"_calc._tcp.{ZONE}" in types
    assert len(types) == len(set(types))


def test_dns_sd_browses_to_instances_that_answer(daemon):
    instances = values(ask(daemon, "_time._tcp", "PTR"), "PTR")
    assert sorted(instances) == [f"time-1._time._tcp.{ZONE}", f"time-2._time._tcp.{ZONE}"]
    assert endpoints(ask(daemon, "time-1._time._tcp", "SRV")) == [(f"ip-10-0-1-7.addr.{ZONE}", 8081)]
    assert "id=time-1" in strings(ask(daemon, "time-1._time._tcp", "TXT"))[0]


def test_dns_sd_instances_without_an_id_are_found_by_the_name_that_browsing_gives(daemon):
    (name,) = values(ask(daemon, "_calc._tcp", "PTR"), "PTR")
    assert endpoints(ask(daemon, name, "SRV")) == [(f"ip-10-0-1-7.addr.{ZONE}", 9000)]


def test_the_reverse_name_of_an_instance_is_its_target_name(daemon):
    reply = ask(daemon, "7.1.0.10.in-addr.arpa.", "PTR")
    assert values(reply, "PTR") == [f"ip-10-0-1-7.addr.{ZONE}"]
    assert has(reply, "AA")


def test_the_reverse_name_of_an_ipv6_instance_is_its_target_name(daemon):
    nibbles = "1" + ".0" * 23 + ".8.b.d.0.1.0.0.2.ip6.arpa."
    assert values(ask(daemon, nibbles, "PTR"), "PTR") == [f"ip-2001-db8--1.addr.{ZONE}"]


def test_other_reverse_names_are_forwarded(start, upstream, catalog_file):
    from support.scripted_upstream import answer

    elsewhere = upstream(lambda asked: answer(asked, f"{asked.name} 60 IN PTR other.example."))
    path = catalog_file(ZONE_CATALOG)
    daemon = start(catalog=[{"type": "file", "path": str(path)}], forward={"upstreams": [elsewhere.text]})
    assert values(ask(daemon, "9.9.9.10.in-addr.arpa.", "PTR"), "PTR") == ["other.example."]
    assert values(ask(daemon, "7.1.0.10.in-addr.arpa.", "PTR"), "PTR") == [f"ip-10-0-1-7.addr.{ZONE}"]
    assert len(elsewhere.asked()) == 1


def test_the_apex_has_soa_and_ns(daemon):
    (record,) = [rdata for rrset in ask(daemon, ZONE, "SOA").answer for rdata in rrset]
    assert record.mname.to_text() == f"ns.{ZONE}"
    assert record.minimum == 2
    assert values(ask(daemon, ZONE, "NS"), "NS") == [f"ns.{ZONE}"]


def test_the_name_server_has_the_listen_addresses(daemon):
    assert values(ask(daemon, "ns", "A"), "A") == ["127.0.0.1"]
    assert values(ask(daemon, "ns", "AAAA"), "AAAA") == ["::1"]


def test_other_types_of_the_apex_are_nodata(daemon):
    assert_nodata(ask(daemon, ZONE, "A"))
    assert_nodata(ask(daemon, ZONE, "MX"))


def test_any_is_one_hinfo(daemon):
    reply = ask(daemon, "time", "ANY")
    assert [dns.rdatatype.to_text(rrset.rdtype) for rrset in reply.answer] == ["HINFO"]
    assert len(reply.answer[0]) == 1
    assert_nxdomain(ask(daemon, "nosuch", "ANY"))


@pytest.mark.parametrize("rdtype", ["MX", "NAPTR", "CAA", "TYPE65280"])
def test_a_type_that_a_service_has_not_is_nodata(daemon, rdtype):
    assert_nodata(ask(daemon, "time", rdtype))


@pytest.mark.parametrize("name, text", [
    ("version.bind.", "Signpost 7"), ("version.server.", "Signpost 7"),
    ("hostname.bind.", "host-a"), ("id.server.", "host-a"), ("VERSION.BIND.", "Signpost 7"),
])
def test_chaos_names_say_what_is_configured(daemon, name, text):
    reply = ask(daemon, name, "TXT", rdclass="CH")
    assert strings(reply) == [[text]]


def test_other_chaos_names_are_refused(daemon):
    assert rcode(ask(daemon, "authors.bind.", "TXT", rdclass="CH")) == "REFUSED"


def test_the_version_can_be_hidden(start):
    daemon = start(chaos={"version": ""})
    for name in ("version.bind.", "version.server."):
        assert rcode(ask(daemon, name, "TXT", rdclass="CH")) == "REFUSED"


def test_the_id_is_the_host_name_unless_configured(start):
    import socket

    assert strings(ask(start(), "id.server.", "TXT", rdclass="CH")) == [[socket.gethostname()]]


@pytest.mark.parametrize("rdclass", ["HS", "ANY", "NONE", "CLASS77"])
def test_other_classes_are_refused(daemon, rdclass):
    assert rcode(ask(daemon, "time", "A", rdclass=rdclass)) == "REFUSED"
