"""Issue 3, item 11: the stub resolvers that people use, with `nameserver 127.0.0.1` in resolv.conf.

Each finds services and forwarded names, hears soon that a name does not exist, and never that "something failed" then:
musl and others stop at SERVFAIL, and a dropped query is a stall of five seconds (pains.md, 29)."""
import dns.rdatatype
import pytest

from support.ask import ask, rcode
from support.namespace import Namespace, may_make_namespaces
from support.scripted_upstream import SOA_TEXT, ScriptedUpstream, answer
from support.stub_clients import STUBS, StubClients
from support.zone_catalog import ZONE_CATALOG

SOON = 2500  # milliseconds: half of the stall that it must not be
SEARCH = "search servicediscovery.internal corp.example cluster.local"
NDOTS_5 = (SEARCH, "options ndots:5")
TIME = ["10.0.1.7", "10.0.1.8"]
TIME_SRV = ["ip-10-0-1-7.addr.servicediscovery.internal:8081", "ip-10-0-1-8.addr.servicediscovery.internal:8082"]
SHOP = "198.51.100.7"
SHOP_6 = "2001:db8:5::7"

EDGE = [f"edge.cdn.example. 60 IN A {SHOP}", f"edge.cdn.example. 60 IN AAAA {SHOP_6}"]
ALIASES = ["www.shop.example. 60 IN CNAME web.cdn.example.", "web.cdn.example. 60 IN CNAME edge.cdn.example."]


def internet(asked):
    """www.shop.example is an alias of an alias; v4.example has one family; nothing else exists."""
    kind = dns.rdatatype.to_text(asked.rdtype)
    if asked.name.lower() == "www.shop.example.":
        addresses = [text for text in EDGE if f" {kind} " in text]
        return answer(asked, *ALIASES, *addresses, authority=[] if addresses else [SOA_TEXT])
    if asked.name.lower() == "v4.example.":
        return answer(asked, *([f"v4.example. 60 IN A {SHOP}"] if kind == "A" else []), authority=[SOA_TEXT])
    return answer(asked, rcode="NXDOMAIN", authority=[SOA_TEXT if asked.name.lower().endswith(".example.") else
                                                      ". 60 IN SOA a.root. admin.root. 1 3600 600 86400 30"])


class Host:
    """A network with the daemon on port 53, an upstream, and the stubs."""

    def __init__(self, namespace, upstream, stubs, daemon):
        self.namespace, self.upstream, self.daemon = namespace, upstream, daemon
        self._stubs = stubs

    def look_up(self, stub, *questions, conf=()):
        self.namespace.write_resolv_conf("nameserver 127.0.0.1", *conf)
        return self._stubs.look_up(stub, *questions)


@pytest.fixture(scope="module")
def host(shared_start, tmp_path_factory):
    if not may_make_namespaces():
        pytest.skip("the kernel gives us no network and mount namespace")
    folder = tmp_path_factory.mktemp("host")
    (folder / "services.toml").write_text(ZONE_CATALOG)
    namespace = Namespace(folder)
    try:
        with namespace.inside():
            upstream = ScriptedUpstream(internet)
        daemon = shared_start(wrapper=namespace.enter, listen={"addresses": ["127.0.0.1:53"]}, control={"listen": ""},
                              catalog=[{"type": "file", "path": str(folder / "services.toml")}],
                              forward={"upstreams": [upstream.text]})
        yield Host(namespace, upstream, StubClients(folder, namespace), daemon)
        upstream.close()
    finally:
        namespace.close()


def stubs_that(condition=lambda stub: True):
    return pytest.mark.parametrize("stub", [stub for stub in STUBS if condition(stub)], ids=str)


ALL = stubs_that()
SEARCHING = stubs_that(lambda stub: stub.searches)
ASKING_FOR_SRV = stubs_that(lambda stub: "SRV" in stub.asks)
ASKING_BOTH = stubs_that(lambda stub: "ANY" in stub.asks)


def assert_soon(*heard):
    assert all(one.took < SOON for one in heard), heard


@ALL
def test_it_finds_a_service(host, stub):
    four, six = host.look_up(stub, "A:time.servicediscovery.internal", "AAAA:six.servicediscovery.internal")
    assert four.sorted == TIME
    assert [text.replace(":0:0:0:0:0:", "::") for text in six.sorted] == ["2001:db8::1"]  # Java writes it out
    assert_soon(four, six)


@ASKING_FOR_SRV
def test_it_finds_ports(host, stub):
    heard, none = host.look_up(stub, "SRV:_time._tcp.servicediscovery.internal", "SRV:_nosuch._tcp.servicediscovery.internal")
    assert heard.sorted == TIME_SRV
    assert none.what == "none"
    assert_soon(heard, none)


@ALL
def test_it_follows_aliases_from_upstream(host, stub):
    (heard,) = host.look_up(stub, "A:www.shop.example")
    assert heard.sorted == [SHOP]
    assert_soon(heard)


@ASKING_BOTH
def test_it_asks_for_both_families_at_once(host, stub):
    shop, both, one = host.look_up(stub, "ANY:www.shop.example", "ANY:dual.servicediscovery.internal", "ANY:v4.example")
    assert len(shop.sorted) == 2 and len(both.sorted) == 2, (shop, both)
    assert one.sorted == [SHOP], "the other family's NODATA does not hide this one"
    assert_soon(shop, both, one)


@ALL
@pytest.mark.parametrize("name", ["nosuch.servicediscovery.internal", "nosuch.example", "nosuch.invalid", "a.b.c.d.e.f.nosuch"])
def test_it_hears_soon_that_a_name_does_not_exist(host, stub, name):
    kind = "ANY" if "ANY" in stub.asks else "A"
    (heard,) = host.look_up(stub, f"{kind}:{name}")
    assert heard.what == "none", heard
    assert_soon(heard)


@ALL
def test_it_hears_soon_that_there_is_no_address_of_that_family(host, stub):
    zone, elsewhere = host.look_up(stub, "AAAA:time.servicediscovery.internal", "AAAA:v4.example")
    assert (zone.what, elsewhere.what) == ("none", "none")
    assert_soon(zone, elsewhere)


@SEARCHING
def test_it_finds_a_service_by_the_search_list(host, stub):
    heard, shop = host.look_up(stub, "A:time", "A:www.shop.example", conf=NDOTS_5)
    assert heard.sorted == TIME
    assert shop.sorted == [SHOP], "after every suffix of the list was tried in vain"
    assert_soon(heard, shop)


@SEARCHING
def test_a_search_list_with_ndots_5_does_not_stall(host, stub):
    kind = "ANY" if "ANY" in stub.asks else "A"
    questions = [f"{kind}:{name}" for name in ("nosuch", "nosuch.example", "x.y.servicediscovery.internal", "web.nosuch.invalid")]
    heard = host.look_up(stub, *questions, conf=NDOTS_5)
    assert {one.what for one in heard} == {"none"}, heard
    assert_soon(*heard)


@ALL
def test_hundreds_of_instances_reach_it(host, stub):
    (heard,) = host.look_up(stub, "A:crowd.servicediscovery.internal")
    assert len(heard.sorted) >= 20, "all, or those that fit where the stub does not ask over TCP"
    assert_soon(heard)


def test_no_suffix_of_a_search_list_is_a_servfail(host):
    """What a stub does with ndots:5, by hand: every reply is looked at."""
    suffixes = ["servicediscovery.internal.", "corp.example.", "cluster.local.", "svc.cluster.local.", ""]
    with host.namespace.inside():
        for name in ("nosuch.example", "nosuch", "_x._tcp.nosuch", "time.nosuch", "nosuch.onion", "nosuch.alt"):
            for kind in ("A", "AAAA", "SRV", "TXT"):
                codes = {rcode(ask(host.daemon, f"{name}.{suffix}", kind)) for suffix in suffixes}
                assert codes == {"NXDOMAIN"}, (name, kind)


# --- glibc's options: the order and the sockets of its two questions ---

GLIBC = next(stub for stub in STUBS if stub.name == "glibc")


@pytest.mark.parametrize("options", ["", "options single-request", "options single-request-reopen", "options use-vc",
                                     "options edns0 trust-ad", "options rotate attempts:1 timeout:1"])
def test_glibc_hears_both_families_whatever_its_options(host, options):
    heard = host.look_up(GLIBC, "ANY:dual.servicediscovery.internal", "ANY:www.shop.example", "ANY:v4.example", "ANY:nosuch.example",
                         "ANY:crowd.servicediscovery.internal", conf=(options,))
    assert [len(one.sorted) for one in heard] == [2, 2, 1, 0, 200], heard
    assert heard[3].what == "none"
    assert_soon(*heard)


def test_glibc_asks_both_families_on_one_port(host):
    before = host.namespace.counters()
    host.look_up(GLIBC, "ANY:dual.servicediscovery.internal")
    after = host.namespace.counters()
    assert after["UdpOutDatagrams"] - before["UdpOutDatagrams"] == 4, "two questions, two replies, nothing asked again"
    assert after["TcpPassiveOpens"] == before["TcpPassiveOpens"]


def test_glibc_asks_both_families_on_one_connection(host):
    before = host.namespace.counters()
    (heard,) = host.look_up(GLIBC, "ANY:dual.servicediscovery.internal", conf=("options use-vc",))
    after = host.namespace.counters()
    assert len(heard.sorted) == 2
    assert after["TcpPassiveOpens"] - before["TcpPassiveOpens"] == 1
    assert after["UdpOutDatagrams"] == before["UdpOutDatagrams"]
