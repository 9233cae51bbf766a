"""zone.md, Names and types: SRV, A and AAAA of services and versions."""
import pytest

from support.ask import (ZONE, ask, ask_edns, assert_nodata, assert_nxdomain, endpoints, ede, has, in_zone, rcode,
                         records, values)
from support.zone_catalog import HELLO, HELLO_NEXT, ZONE_CATALOG


@pytest.fixture(scope="module")
def daemon(shared_start, tmp_path_factory):
    path = tmp_path_factory.mktemp("catalog") / "services.toml"
    path.write_text(ZONE_CATALOG)
    return shared_start(catalog=[{"type": "file", "path": str(path)}])


def test_srv_names_each_instance_with_its_port_and_weight(daemon):
    reply = ask(daemon, "time", "SRV")
    assert rcode(reply) == "NOERROR" and has(reply, "AA")
    assert sorted(values(reply, "SRV")) == [
        f"1 100 8081 ip-10-0-1-7.addr.{ZONE}",
        f"1 300 8082 ip-10-0-1-8.addr.{ZONE}",
    ]


def test_srv_carries_the_addresses_of_its_targets(daemon):
    reply = ask(daemon, "time", "SRV")
    assert sorted(records(reply.additional)) == [
        f"ip-10-0-1-7.addr.{ZONE} A 10.0.1.7",
        f"ip-10-0-1-8.addr.{ZONE} A 10.0.1.8",
    ]


def test_srv_of_an_ipv6_instance_carries_its_aaaa(daemon):
    reply = ask(daemon, "six", "SRV")
    assert endpoints(reply) == [(f"ip-2001-db8--1.addr.{ZONE}", 80)]
    assert records(reply.additional) == [f"ip-2001-db8--1.addr.{ZONE} AAAA 2001:db8::1"]


def test_a_has_the_addresses_of_the_instances(daemon):
    reply = ask(daemon, "time", "A")
    assert sorted(values(reply, "A")) == ["10.0.1.7", "10.0.1.8"]
    assert has(reply, "AA")


def test_an_address_with_two_ports_is_there_once_in_a_and_twice_in_srv(daemon):
    assert sorted(values(ask(daemon, "twoports", "A"), "A")) == ["10.0.8.1", "10.0.8.2"]
    assert len(endpoints(ask(daemon, "twoports", "SRV"))) == 3


@pytest.mark.parametrize("name, rdtype", [("time", "AAAA"), ("six", "A"), ("_calc._tcp", "AAAA")])
def test_a_service_with_only_the_other_family_is_nodata(daemon, name, rdtype):
    assert_nodata(ask(daemon, name, rdtype))


def test_a_service_with_both_families_answers_each(daemon):
    assert values(ask(daemon, "dual", "A"), "A") == ["10.0.2.1"]
    assert values(ask(daemon, "dual", "AAAA"), "AAAA") == ["2001:db8::2"]


@pytest.mark.parametrize("name", ["time", "_time._tcp", "_time._udp"])
def test_both_spellings_find_a_service_written_without_underscores(daemon, name):
    assert {port for _, port in endpoints(ask(daemon, name, "SRV"))} == {8081, 8082}
    assert len(values(ask(daemon, name, "A"), "A")) == 2


@pytest.mark.parametrize("name", ["calc", "_calc._tcp", "_calc._udp"])
def test_both_spellings_find_a_service_written_with_underscores(daemon, name):
    assert endpoints(ask(daemon, name, "SRV")) == [(f"ip-10-0-1-7.addr.{ZONE}", 9000)]
    assert values(ask(daemon, name, "A"), "A") == ["10.0.1.7"]


@pytest.mark.parametrize("name, target", [
    ("1.0.helloworld", HELLO), ("1.1.helloworld", HELLO_NEXT),
    ("1.0._helloworld._tcp", HELLO), ("1.1._helloworld._tcp", HELLO_NEXT),
])
def test_a_version_has_only_its_own_instances(daemon, name, target):
    assert endpoints(ask(daemon, name, "SRV")) == [(f"{target}.", 443)]


def test_a_service_without_a_version_is_every_version(daemon):
    assert sorted(endpoints(ask(daemon, "helloworld", "SRV"))) == [(f"{HELLO}.", 443), (f"{HELLO_NEXT}.", 443)]


def test_a_version_answers_a_too(daemon):
    assert sorted(values(ask(daemon, "1.0.time", "A"), "A")) == ["10.0.1.7", "10.0.1.8"]


@pytest.mark.parametrize("name", ["0.helloworld", "_tcp", "_udp", "addr"])
@pytest.mark.parametrize("rdtype", ["SRV", "A", "TXT"])
def test_an_empty_non_terminal_is_nodata(daemon, name, rdtype):
    assert_nodata(ask(daemon, name, rdtype))


@pytest.mark.parametrize("name", [
    "nosuch", "_nosuch._tcp", "9.9.helloworld", "2.time", "x.y.z", "ip-10-0-1-99.addr", "ip-999-0-1-7.addr", "www.time",
])
@pytest.mark.parametrize("rdtype", ["SRV", "A", "AAAA", "TXT"])
def test_a_name_that_is_not_there_is_nxdomain(daemon, name, rdtype):
    assert_nxdomain(ask(daemon, name, rdtype))


def test_a_service_without_instances_is_nodata(daemon):
    assert_nodata(ask(daemon, "empty", "SRV"))
    assert_nodata(ask(daemon, "empty", "A"))


def test_the_target_names_answer_with_their_address(daemon):
    assert values(ask(daemon, "ip-10-0-1-7.addr", "A"), "A") == ["10.0.1.7"]
    assert values(ask(daemon, "ip-2001-db8--1.addr", "AAAA"), "AAAA") == ["2001:db8::1"]
    assert_nodata(ask(daemon, "ip-10-0-1-7.addr", "AAAA"))


def test_names_are_found_whatever_their_case_and_echoed_as_asked(daemon):
    reply = ask(daemon, "TiMe.ServiceDiscovery.INTERNAL.", "SRV")
    asked = (b"TiMe", b"ServiceDiscovery", b"INTERNAL", b"")
    assert reply.question[0].name.labels == asked
    assert reply.answer[0].name.labels == asked
    assert len(endpoints(reply)) == 2


def test_unhealthy_instances_are_left_out(daemon):
    reply = ask_edns(daemon, "sick", "SRV")
    assert endpoints(reply) == [(f"ip-10-0-7-2.addr.{ZONE}", 80)]
    assert ede(reply) == []
    assert values(ask(daemon, "sick", "A"), "A") == ["10.0.7.2"]


def test_when_all_are_unhealthy_all_are_answered_and_the_answer_says_so(daemon):
    reply = ask_edns(daemon, "allsick", "A")
    assert sorted(values(reply, "A")) == ["10.0.7.3", "10.0.7.4"]
    assert ede(reply) == [0]
    assert len(endpoints(ask_edns(daemon, "allsick", "SRV"))) == 2


def test_draining_instances_are_never_answered(daemon):
    for _ in range(20):
        assert values(ask(daemon, "leaving", "A"), "A") == ["10.0.7.6"]


def test_a_weight_of_zero_is_not_dropped(daemon):
    weights = {text.split()[1] for text in values(ask(daemon, "zero", "SRV"), "SRV")}
    assert weights == {"0", "100"}


def test_instances_come_by_priority(daemon):
    for _ in range(10):
        reply = ask(daemon, "tiers", "SRV")
        assert [text.split()[0] for text in values(reply, "SRV")] == ["1", "2", "3"]
        assert values(ask(daemon, "tiers", "A"), "A") == ["10.0.5.2", "10.0.5.1", "10.0.5.3"]


def test_every_name_of_the_zone_is_answered_without_recursion_desired(daemon):
    reply = ask(daemon, "time", "SRV", flags=0)
    assert rcode(reply) == "NOERROR" and len(endpoints(reply)) == 2
    assert not has(reply, "RD")


def test_a_target_given_as_a_name_is_the_target_as_it_is(start, upstream, catalog_file):
    from support.catalog_text import service, toml_catalog
    from support.scripted_upstream import answer

    elsewhere = upstream(lambda asked: answer(asked, "db-1.corp.example. 60 IN A 192.0.2.77"))
    path = catalog_file(toml_catalog(service("db", ["db-1.corp.example:5432"])))
    daemon = start(catalog=[{"type": "file", "path": str(path)}], forward={"upstreams": [elsewhere.text]})
    assert endpoints(ask(daemon, "db", "SRV")) == [("db-1.corp.example.", 5432)]
    # Its address is upstream's; SRV does not wait for it, A does.
    assert values(ask(daemon, "db", "A"), "A") == ["192.0.2.77"]
    assert records(ask(daemon, "db", "SRV").additional) == ["db-1.corp.example. A 192.0.2.77"]
    assert values(ask(daemon, in_zone("db"), "A"), "A") == ["192.0.2.77"]
    assert len(elsewhere.asked("db-1.corp.example.")) <= 2, "kept for its TTL; A and AAAA at most"
