"""Route 53 as a catalog, against moto's server set up with AWS's own client (contracts.md, sections 2 and 3)."""
import subprocess
from collections import Counter

import pytest

from support.ask import ask, ask_until, assert_nxdomain, endpoints, records, rcode, strings, ttls, values
from support.moto_route53 import KEYS, MotoRoute53, alias, record_set, weighted
from support.scripted_upstream import address_answer, answer

ZONE = "servicediscovery.internal."
ELB = "lb-1.us-east-1.elb.amazonaws.com."


@pytest.fixture(scope="module")
def moto():
    server = MotoRoute53()
    yield server
    server.close()


@pytest.fixture
def zone(moto):
    made = moto.create_zone()
    yield made
    moto.delete_zone(made)


@pytest.fixture
def serve(start, moto):
    """serve(zone, **keys of [[catalog]]): a daemon that reads that zone, after its first reading."""

    def serve_one(zone, refresh="1s", environment=None, sections=None, **keys):
        daemon = start(environment={**KEYS, **(environment or {})}, **(sections or {}), catalog=[
            {"type": "route53", "zone": zone, "endpoint": moto.url, "refresh": refresh, **keys}])
        daemon.wait_for_log(r"\[catalog\] info .*: read \d+ services", seconds=20)
        return daemon

    return serve_one


def agent_srv(name, host, port, container):
    """A container of the ECS agent, release 1.6 (contracts.md, 2.1): one set each, TTL 0, no last dot."""
    return weighted(name, "SRV", f"1 1 {port} {host}", f"{host}:{container * 64}")


def agent_host(host, address):
    """The agent's record of its own host: the first label of its name, in the zone."""
    return weighted(host.split(".")[0], "A", address, host)


def test_the_flow_of_the_ecs_agent(serve, moto, zone):
    first, second = "ip-10-5-10-74.us-west-2.compute.internal", "ip-10-5-10-75.us-west-2.compute.internal"
    moto.create(zone, agent_host(first, "10.5.10.74"), agent_host(second, "10.5.10.75"))
    moto.create(zone, agent_srv("_calc._tcp", first, 32768, "a"))
    daemon = serve(zone)
    assert endpoints(ask(daemon, "_calc._tcp", "SRV")) == [(f"{first}.", 32768)]

    moto.change(zone, "CREATE", [agent_srv("_calc._tcp", first, 32769, "b")], "Service Discovery Created Record")
    moto.change(zone, "CREATE", [agent_srv("_calc._tcp", second, 32768, "c")], "Service Discovery Created Record")
    reply = ask_until(daemon, "_calc._tcp", "SRV", lambda heard: len(heard.answer and heard.answer[0]) == 3, 5)
    assert sorted(endpoints(reply)) == [(f"{first}.", 32768), (f"{first}.", 32769), (f"{second}.", 32768)]
    assert ttls(reply.answer) == {0}, "a TTL of 0 goes out as 0"
    assert sorted(records(reply.additional)) == [f"{first}. A 10.5.10.74", f"{second}. A 10.5.10.75"]
    assert sorted(values(ask(daemon, "_calc._tcp", "A"), "A")) == ["10.5.10.74", "10.5.10.75"]
    assert values(ask(daemon, "ip-10-5-10-74", "A"), "A") == ["10.5.10.74"]

    moto.change(zone, "DELETE", [agent_srv("_calc._tcp", first, 32768, "a")])
    reply = ask_until(daemon, "_calc._tcp", "SRV", lambda heard: len(endpoints(heard)) == 2, 5)
    assert sorted(endpoints(reply)) == [(f"{first}.", 32769), (f"{second}.", 32768)]
    moto.change(zone, "DELETE", [agent_srv("_calc._tcp", first, 32769, "b"),
                                 agent_srv("_calc._tcp", second, 32768, "c")])
    ask_until(daemon, "_calc._tcp", "SRV", lambda heard: rcode(heard) == "NXDOMAIN", 5)


def test_dig_sees_all_instances(serve, moto, zone):
    moto.create(zone, *(agent_srv("_time._tcp", f"ip-10-0-0-{i}.ec2.internal", 32768, "d") for i in range(3)))
    daemon = serve(zone)
    for name in (f"_time._tcp.{ZONE}", f"time.{ZONE}"):
        dig = subprocess.run(["dig", "+short", "@127.0.0.1", "-p", str(daemon.port), name, "SRV"],
                             capture_output=True, text=True, timeout=20, check=True)
        assert sorted(dig.stdout.splitlines()) == [f"1 1 32768 ip-10-0-0-{i}.ec2.internal." for i in range(3)]


def test_both_namings_and_targets_with_and_without_dot(serve, moto, zone):
    moto.create(zone, weighted("time", "SRV", "1 1 80 a.example.com", "a:1"),
                weighted("time", "SRV", "1 1 81 b.example.com.", "b:1"),
                weighted("_time._tcp", "SRV", "1 1 82 c.example.com", "c:1"))
    daemon = serve(zone)
    for name in ("time", "_time._tcp"):
        assert sorted(endpoints(ask(daemon, name, "SRV"))) == [
            ("a.example.com.", 80), ("b.example.com.", 81), ("c.example.com.", 82)]


def test_the_zone_is_found_by_its_name_the_private_one_first(start, moto):
    public, private = moto.create_zone(private=False), moto.create_zone(private=True)
    try:
        moto.create(public, record_set("db", "A", "198.51.100.1"))
        moto.create(private, record_set("db", "A", "10.0.0.1"))
        daemon = start(environment={**KEYS, "AWS_ENDPOINT_URL_ROUTE_53": moto.url}, catalog=[{"type": "route53"}])
        daemon.wait_for_log(rf"the hosted zone of {ZONE} is {private} \(private\)")
        ask_until(daemon, "db", "A", lambda heard: values(heard, "A") == ["10.0.0.1"], 5)
    finally:
        moto.delete_zone(public)
        moto.delete_zone(private)


def test_a_hundred_weighted_sets_of_one_name(serve, moto, zone):
    moto.create(zone, *(weighted("many", "SRV", f"1 1 {1000 + i} h{i:03}.example.com", f"s{i:03}", weight=1 + i % 3)
                        for i in range(100)))
    daemon = serve(zone)
    reply = ask(daemon, "many", "SRV", tcp=True)
    assert len(endpoints(reply)) == 100
    weights = Counter(rdata.weight for rrset in reply.answer for rdata in rrset)
    assert weights == {1: 34, 2: 33, 3: 33}


def test_more_than_300_sets(serve, moto, zone):
    moto.create(zone, *(record_set(f"s{i:04}", "SRV", f"1 1 {1000 + i} h.example.com") for i in range(650)))
    daemon = serve(zone)
    for i in (0, 299, 300, 301, 599, 600, 649):
        assert endpoints(ask(daemon, f"s{i:04}", "SRV")) == [("h.example.com.", 1000 + i)]
    assert_nxdomain(ask(daemon, "s0650", "SRV"))


def test_set_weights_go_times_the_values(serve, moto, zone):
    moto.create(zone, weighted("w", "SRV", "1 10 80 a.example.com", "a", 3),
                weighted("w", "SRV", "1 10 80 b.example.com", "b", 1),
                weighted("w", "SRV", "1 10 80 c.example.com", "c", 0))
    daemon = serve(zone)
    reply = ask(daemon, "w", "SRV")
    assert {rdata.target.to_text(): rdata.weight for rdata in reply.answer[0]} == {
        "a.example.com.": 30, "b.example.com.": 10}
    told = strings(ask(daemon, "w", "TXT"))
    assert ["id=c", "status=weight 0"] in told, "it is out, and says why"


def test_multivalue_gives_every_address(serve, moto, zone):
    moto.create(zone, *(record_set("web", "A", f"10.0.1.{i}", SetIdentifier=f"m{i}", MultiValueAnswer=True)
                        for i in range(12)))
    daemon = serve(zone)
    firsts = set()
    for _ in range(60):
        addresses = values(ask(daemon, "web", "A"), "A")
        assert sorted(addresses) == sorted(f"10.0.1.{i}" for i in range(12)), "all of them, not eight"
        firsts.add(addresses[0])
    assert len(firsts) > 6, "in a fresh order each time"


def test_failover_gives_the_primary_alone(serve, moto, zone):
    check = moto.create_check()
    moto.create(zone,
                record_set("db", "SRV", "1 1 5432 one.example.com", SetIdentifier="one", Failover="PRIMARY",
                           HealthCheckId=check),
                record_set("db", "SRV", "1 1 5432 two.example.com", SetIdentifier="two", Failover="SECONDARY"))
    daemon = serve(zone)
    assert endpoints(ask(daemon, "db", "SRV")) == [("one.example.com.", 5432)]
    told = [sorted(one) for one in strings(ask(daemon, "db", "TXT"))]
    assert ["id=two", "status=standby"] in told


def test_a_health_check_that_is_inverted_turns_its_verdict(serve, moto, zone):
    good, bad = moto.create_check(), moto.create_check(Inverted=True)  # moto's checkers all say Success
    moto.create(zone, weighted("h", "SRV", "1 1 80 a.example.com", "a", HealthCheckId=good),
                weighted("h", "SRV", "1 1 80 b.example.com", "b", HealthCheckId=bad))
    daemon = serve(zone)
    ask_until(daemon, "h", "SRV", lambda heard: endpoints(heard) == [("a.example.com.", 80)], 20)


def test_latency_sets_are_those_of_our_region(serve, moto, zone):
    moto.create(zone, *(record_set("api", "SRV", f"1 1 80 {region}.example.com", SetIdentifier=region, Region=region)
                        for region in ("us-east-1", "eu-west-1", "ap-south-1")))
    daemon = serve(zone, region="eu-west-1")
    assert endpoints(ask(daemon, "api", "SRV")) == [("eu-west-1.example.com.", 80)]
    daemon = serve(zone, region="sa-east-1")
    assert len(endpoints(ask(daemon, "api", "SRV"))) == 3, "none is ours: all"


def test_an_alias_is_followed_in_the_zone(serve, moto, zone):
    moto.create(zone, record_set("*.dev", "A", "10.0.9.9", ttl=3), alias("chain", "A", zone, f"middle.{ZONE}"),
                alias("middle", "A", zone, f"anything.dev.{ZONE}"), alias("ring", "A", zone, f"ring.{ZONE}"))
    daemon = serve(zone)
    reply = ask(daemon, "chain", "A")
    assert values(reply, "A") == ["10.0.9.9"] and ttls(reply.answer) == {3}
    assert rcode(ask(daemon, "ring", "A")) in ("NOERROR", "NXDOMAIN")


def test_an_alias_to_a_load_balancer_has_its_addresses(serve, moto, zone, upstream):
    addresses = ["198.51.100.1", "198.51.100.2"]

    def script(asked):
        if asked.name.lower() != ELB:
            return answer(asked, rcode="NXDOMAIN")
        if asked.rdtype != 1:
            return answer(asked)
        return answer(asked, *(f"{asked.spelled} 5 IN A {one}" for one in addresses))

    one = upstream(script)
    moto.create(zone, alias("web", "A", "Z35SXDOTRQ7X7K", ELB), alias("*.pages", "A", "Z35SXDOTRQ7X7K", ELB))
    daemon = serve(zone, sections={"forward": {"upstreams": [one.text]}})
    assert sorted(values(ask(daemon, "web", "A"), "A")) == addresses
    assert sorted(values(ask(daemon, "any.pages", "A"), "A")) == addresses


def test_wildcards_and_other_types_stand_as_they_are(serve, moto, zone):
    moto.create(zone, record_set("*.any", "A", "10.0.0.9"), record_set("text", "TXT", '"a b" "c"', ttl=2),
                record_set("mail", "MX", "10 mx.example.com"), record_set("alias", "CNAME", "db.example.com"),
                record_set("servicediscovery.internal.", "TXT", '"apex"'))
    daemon = serve(zone)
    assert values(ask(daemon, "x.y.any", "A"), "A") == ["10.0.0.9"]
    assert values(ask(daemon, "text", "TXT"), "TXT") == ['"a b" "c"']
    assert values(ask(daemon, "mail", "MX"), "MX") == ["10 mx.example.com."]
    assert values(ask(daemon, "alias", "CNAME"), "CNAME") == ["db.example.com."]
    assert values(ask(daemon, ZONE, "TXT"), "TXT") == ['"apex"']
    assert values(ask(daemon, ZONE, "NS"), "NS") == [f"ns.{ZONE}"], "the daemon's own, not the hosted zone's"


def test_host_names_of_the_api_go_through_our_own_upstream(start, moto, zone, upstream):
    """The daemon may be its host's only name server (coredns#1438)."""
    one = upstream(lambda asked: address_answer(asked, value="127.0.0.1") if asked.rdtype == 1 else answer(asked))
    moto.create(zone, record_set("db", "A", "10.0.0.1"))
    port = moto.url.rsplit(":", 1)[1]
    daemon = start(environment=KEYS, forward={"upstreams": [one.text]}, catalog=[
        {"type": "route53", "zone": zone, "endpoint": f"http://route53.test:{port}"}])
    ask_until(daemon, "db", "A", lambda heard: values(heard, "A") == ["10.0.0.1"], 10)
    assert one.asked("route53.test.")
