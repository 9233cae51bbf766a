"""Issue 5, Must show: each instance gets the share that its weight and its health give it, as real clients see it."""
import time
from collections import Counter

import pytest

from support.ask import TcpClient, ask, ask_until, endpoints, in_zone, question, values
from support.catalog_text import instance, service, toml_catalog
from support.connecting_clients import ConnectingClients
from support.daemon import wait_until
from support.instances import Instance
from support.listening_process import ListeningProcess
from support.namespace import Namespace, may_make_namespaces
from support.statistics import assert_fits
from support.stub_clients import STUBS, StubClients

# --- killed, and back ---

RATE = 200
INTERVAL, FALL, TIMEOUT, SLOW_START = 0.3, 3, 0.3, 6
GONE_AFTER = INTERVAL * 1.1 * FALL + TIMEOUT + 0.5  # jitter is a tenth; the last is for a busy machine
STEP = SLOW_START / 20


@pytest.fixture
def processes():
    """Three instances, each a process of its own."""
    started = [ListeningProcess() for _ in range(3)]
    yield started
    for one in started:
        one.close()


def catalog_weights(processes):
    return dict(zip([one.port for one in processes], [100, 200, 100]))


def test_who_is_killed_gets_nothing_and_who_is_back_gets_its_share_slowly(start, catalog_file, processes):
    victim, steady = processes[0], processes[1]
    weights = catalog_weights(processes)
    entries = [instance(one.address, weight=weights[one.port]) for one in processes]
    probe = {"type": "tcp", "interval": f"{INTERVAL * 1000:.0f}ms", "timeout": f"{TIMEOUT * 1000:.0f}ms", "rise": 2, "fall": FALL,
             "on_demand": False}
    daemon = start(catalog=[{"type": "file", "path": str(catalog_file(toml_catalog(service("web", entries))))}],
                   health={"slow_start": f"{SLOW_START}s", "probe": [probe]})
    clients = ConnectingClients(daemon, "web", RATE)
    assert_shares(clients.wait(3), weights)

    victim.kill()
    killed = time.monotonic()
    clients.wait(GONE_AFTER + 3)
    after = [visit for visit in clients.visits if visit.asked > killed + GONE_AFTER]
    assert after and all(victim.port not in visit.weights for visit in after), "it is no more in any answer"
    assert_shares(after, {port: weight for port, weight in weights.items() if port != victim.port})

    victim.start()
    back = time.monotonic()

    def share(visit):
        """Of the victim's own weight."""
        return visit.weights.get(victim.port, 0) / visit.weights[steady.port] * 2

    wait_until(lambda: share(clients.visits[-1]) == 1, SLOW_START + 10)
    assert_shares(clients.wait(5), weights)
    visits = clients.end()

    failed = [visit for visit in visits if not visit.reached]
    assert {visit.port for visit in failed} == {victim.port}, "the others were there all the time"
    assert max(visit.asked for visit in failed) < killed + GONE_AFTER

    ramp = [visit for visit in visits if visit.asked > back and 0 < share(visit) < 1]
    full = next(visit for visit in visits if visit.asked > back and share(visit) == 1)
    assert share(ramp[0]) == pytest.approx(0.1, abs=0.06)
    assert 0.8 * SLOW_START < full.asked - ramp[0].asked < SLOW_START + 1.5
    steps = [(before, then) for before, then in zip(ramp, ramp[1:] + [full]) if then.answered - before.asked < STEP]
    assert all(0 <= share(then) - share(before) <= 0.1 for before, then in steps), [share(visit) for visit in ramp]
    assert_shares(ramp, {port: sum(visit.weights[port] / sum(visit.weights.values()) for visit in ramp) for port in weights})
    assert len(visits) > RATE * (visits[-1].asked - visits[0].asked) / 2


def assert_shares(visits, weights):
    assert_fits(Counter(visit.port for visit in visits), weights)


# --- the first record, through the clients that people use ---

LOOK_UPS = 3000
# Of these none is nearer to 127.0.0.1, from where the C libraries compare them (RFC 6724, rule 9): they keep our order.
NETWORK = "127.128.0."
PROBED = {1: 400, 2: 300, 3: 200, 4: 100}  # last number of the address: weight
TOLD = {11: 400, 12: 100, 13: 300}
DEAD, DRAINING, UNHEALTHY = 5, 6, 14


def entry(number, weight, **keys):
    return instance(f"{NETWORK}{number}:{8000 + number}", weight=weight, **keys)


def mixed_catalog():
    """A service that is probed, where one is dead, one draining, and one alive that the catalog calls unhealthy; and a
    service that is not, where the catalog calls one unhealthy."""
    probed = [entry(number, weight, status="unhealthy" if number == 3 else "healthy") for number, weight in PROBED.items()]
    probed += [entry(DEAD, 500), entry(DRAINING, 300, status="draining")]
    told = [entry(number, weight) for number, weight in TOLD.items()] + [entry(UNHEALTHY, 500, status="unhealthy")]
    return toml_catalog(service("probed", probed), service("told", told))


SERVICES = {"probed": PROBED, "told": TOLD}


class Host:
    """A network whose nameserver is the daemon, and the stubs in it."""

    def __init__(self, namespace, stubs, daemon):
        self.namespace, self.stubs, self.daemon = namespace, stubs, daemon

    def first_ones(self, stub, kind, name):
        """The first value of each of LOOK_UPS look-ups, as a number."""
        read = number_of_target if kind == "SRV" else number_of_address
        heard = self.stubs.look_up(stub, *[f"{kind}:{in_zone(name)[:-1]}"] * LOOK_UPS)
        return Counter(read(one.values[0]) for one in heard)


def number_of_address(text):
    return int(text.removeprefix(NETWORK))


def number_of_target(text):
    return int(text.rsplit(":")[1]) - 8000


@pytest.fixture(scope="module")
def host(shared_start, tmp_path_factory):
    if not may_make_namespaces():
        pytest.skip("the kernel gives us no network and mount namespace")
    folder = tmp_path_factory.mktemp("host")
    (folder / "services.toml").write_text(mixed_catalog())
    namespace = Namespace(folder)
    servers = []
    try:
        with namespace.inside():
            servers = [Instance(host=f"{NETWORK}{number}", port=8000 + number) for number in (*PROBED, DRAINING)]
        probe = {"services": ["probed"], "type": "tcp", "interval": "200ms", "timeout": "2s", "fall": 2, "rise": 1, "on_demand": False}
        daemon = shared_start(wrapper=namespace.enter, listen={"addresses": ["127.0.0.1:53"]}, control={"listen": ""},
                              catalog=[{"type": "file", "path": str(folder / "services.toml")}],
                              health={"slow_start": "off", "probe": [probe]})
        with namespace.inside():
            wanted = {8000 + number for number in PROBED}
            ask_until(daemon, "probed", "SRV", lambda reply: {port for _, port in endpoints(reply)} == wanted, 10)
        yield Host(namespace, StubClients(folder, namespace), daemon)
    finally:
        for one in servers:
            one.close()
        namespace.close()


both_services = pytest.mark.parametrize("name", SERVICES)


def stubs_for(kind, but=()):
    return pytest.mark.parametrize("stub", [stub for stub in STUBS if kind in stub.asks and stub.name not in but], ids=str)


@both_services
@stubs_for("A", but=["java"])  # it remembers what it looked up last
def test_the_first_address_of_a_stub_resolver_follows_weight_and_health(host, name, stub):
    assert_fits(host.first_ones(stub, "A", name), SERVICES[name])


@both_services
@stubs_for("SRV")
def test_the_first_target_of_a_stub_resolver_follows_weight_and_health(host, name, stub):
    assert_fits(host.first_ones(stub, "SRV", name), SERVICES[name])


@both_services
@pytest.mark.parametrize("kind", ["SRV", "A"])
def test_the_first_record_over_udp_follows_weight_and_health(host, name, kind):
    with host.namespace.inside():
        seen = Counter(first_number(ask(host.daemon, name, kind), kind) for _ in range(LOOK_UPS))
    assert_fits(seen, SERVICES[name])


@both_services
@pytest.mark.parametrize("kind", ["SRV", "A"])
def test_the_first_record_over_tcp_follows_weight_and_health(host, name, kind):
    seen = Counter()
    with host.namespace.inside(), TcpClient(host.daemon.tcp[0]) as client:
        for _ in range(LOOK_UPS):
            client.send(question(in_zone(name), kind))
            seen[first_number(client.receive(), kind)] += 1
    assert_fits(seen, SERVICES[name])


def first_number(reply, kind):
    return endpoints(reply)[0][1] - 8000 if kind == "SRV" else number_of_address(values(reply, "A")[0])
