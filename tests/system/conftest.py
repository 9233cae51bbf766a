"""What the system tests share: the daemon and the servers it talks to, all stopped at the end of the test that
started them. `start` and friends live for one test; `shared_start` lives for the tests of one file."""
import os

import pytest

from support.daemon import BINARY, Daemon
from support.etcd import Etcd
from support.http_catalog import HttpCatalog
from support.python_packages import find_python_packages
from support.real_servers import start_nsd, start_unbound
from support.relays import control_url
from support.scripted_upstream import ScriptedUpstream

find_python_packages()


def pytest_sessionstart(session):
    if not session.config.option.collectonly and not os.access(BINARY, os.X_OK):
        pytest.exit(f"{BINARY} is not there: build it, or name another in SIGNPOSTD", returncode=1)


class Daemons:
    """Starts daemons, and at the end stops them and looks at how they went."""

    def __init__(self, new_folder):
        self._new_folder = new_folder
        self._running = []

    def __call__(self, **how):
        daemon = Daemon(self._new_folder(), **how)
        self._running.append(daemon)
        return daemon

    def stop_all(self):
        for daemon in self._running:
            died = not daemon.is_running() and daemon.process.returncode != 0
            code = daemon.stop()
            assert not died, f"it died with {code}; the log:\n{daemon.log()}"
            assert code == 0, f"a clean stop ends with 0, this with {code}; the log:\n{daemon.log()}"


@pytest.fixture
def start(tmp_path_factory):
    daemons = Daemons(lambda: tmp_path_factory.mktemp("daemon"))
    yield daemons
    daemons.stop_all()


@pytest.fixture(scope="module")
def shared_start(tmp_path_factory):
    daemons = Daemons(lambda: tmp_path_factory.mktemp("daemon"))
    yield daemons
    daemons.stop_all()


@pytest.fixture
def upstream():
    """upstream(script) starts a scripted upstream."""
    running = []

    def start_one(script, **where):
        running.append(ScriptedUpstream(script, **where))
        return running[-1]

    yield start_one
    for one in running:
        one.close()


@pytest.fixture
def new_etcd(tmp_path_factory):
    """new_etcd(...) starts an etcd of one member."""
    running = []

    def start_one(**how):
        running.append(Etcd(tmp_path_factory.mktemp("etcd"), **how))
        return running[-1]

    yield start_one
    for one in running:
        one.close()


@pytest.fixture
def etcd(new_etcd):
    return new_etcd()


@pytest.fixture
def http_catalog():
    catalog = HttpCatalog()
    yield catalog
    catalog.close()


@pytest.fixture(scope="module")
def authority_and_resolver(tmp_path_factory):
    """start(zone, text): NSD with these records, and unbound in front of it."""
    running = []

    def start_both(zone, text):
        running.append(start_nsd(tmp_path_factory.mktemp("nsd"), zone, text))
        running.append(start_unbound(tmp_path_factory.mktemp("unbound"), zone, running[0]))
        return running

    yield start_both
    for one in reversed(running):
        one.close()


@pytest.fixture
def catalog_file(tmp_path):
    """catalog_file(text) writes a catalog; the path it returns can be written again."""

    def write(text, name="services.toml"):
        path = tmp_path / name
        path.write_text(text)
        return path

    return write


@pytest.fixture
def relay(start, catalog_file):
    """relay(text, **sections) starts a daemon with a file catalog; `path` is the file."""

    def start_one(text, **sections):
        path = catalog_file(text)
        daemon = start(**{"catalog": [{"type": "file", "path": str(path), "name": "origin"}], **sections})
        daemon.path = path
        return daemon

    return start_one


@pytest.fixture
def reader(start):
    """reader(relay, *more catalogs) starts a daemon that reads a relay, or any URL."""

    def start_one(of, *more, environment=None):
        url = of if isinstance(of, str) else control_url(of)
        return start(environment=environment, catalog=[{"type": "signpost", "url": url, "name": "relay"}, *more])

    return start_one
