"""Issue 4: the daemon is its own host's nameserver, and still reaches its catalogs' API hosts by name."""
import dns.rdatatype
import pytest

from support.ask import ask, ask_edns, ask_until, ede, endpoints, rcode
from support.http_catalog import HttpCatalog
from support.namespace import Namespace, may_make_namespaces
from support.scripted_upstream import SOA_TEXT, ScriptedUpstream, answer

API = "api.catalog.example."
SERVICE = "helloworld.execute-api.us-east-1.amazonaws.com."


def internet(asked):
    """The API's name leads to this host; nothing else exists."""
    if asked.name.lower() == API and asked.rdtype == dns.rdatatype.A:
        return answer(asked, f"{API} 60 IN A 127.0.0.1")
    return answer(asked, rcode="NOERROR" if asked.name.lower() == API else "NXDOMAIN", authority=[SOA_TEXT])


@pytest.fixture
def namespace(tmp_path):
    if not may_make_namespaces():
        pytest.skip("the kernel gives us no network and mount namespace")
    made = Namespace(tmp_path)
    yield made
    made.close()


@pytest.fixture
def host(namespace, start):
    """start(catalog): a host whose resolv.conf names only the daemon on it. With its upstream and its HTTP catalog."""
    running = []

    class Host:
        def __init__(self):
            with namespace.inside():
                self.upstream = ScriptedUpstream(internet)
                self.catalog = HttpCatalog()
            running.extend([self.upstream, self.catalog])
            self.url = f"http://{API.rstrip('.')}:{self.catalog.port}/dev"

        def start(self, **sections):
            return start(wrapper=namespace.enter, listen={"addresses": ["127.0.0.1:53"]}, control={"listen": ""},
                         forward={"upstreams": [self.upstream.text]}, **sections)

    with namespace.inside():
        yield Host()
        for one in running:
            one.close()


def test_an_http_catalog_is_reached_by_name(host):
    host.catalog.register("helloworld")
    daemon = host.start(catalog=[{"type": "http", "url": host.url}])
    assert endpoints(ask(daemon, "helloworld", "SRV")) == [(SERVICE, 443)]
    assert {asked.lower() for asked in (query.name for query in host.upstream.asked(API))} == {API}
    assert host.catalog.requests("helloworld")


def test_the_api_hosts_addresses_are_kept_over_a_restart(host, tmp_path):
    """With upstream gone too, the catalog is still reached: its host's addresses are in the state file."""
    host.catalog.register("helloworld", ttl=1)
    sections = {"catalog": [{"type": "http", "url": host.url}], "state": {"path": str(tmp_path / "state")}}
    daemon = host.start(**sections)
    known = endpoints(ask(daemon, "helloworld", "SRV"))
    assert known and daemon.stop() == 0
    host.upstream.close()
    daemon = host.start(**sections)
    assert endpoints(ask(daemon, "helloworld", "SRV")) == known
    ask_until(daemon, "helloworld", "SRV", lambda reply: ede(reply) == [], seconds=5, edns=0)


def test_no_upstream_is_said_and_not_waited_for_twice(host):
    host.upstream.close()
    daemon = host.start(catalog=[{"type": "http", "url": host.url}])
    reply = ask_edns(daemon, "helloworld", "SRV")
    assert rcode(reply) == "SERVFAIL" and ede(reply) == [23]
    daemon.wait_for_log("upstream did not say the addresses of api.catalog.example")
