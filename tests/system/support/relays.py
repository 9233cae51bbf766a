"""What the tests of relays and their readers share."""
from support.ask import ask, endpoints
from support.catalog_text import service, toml_catalog

STALE_AFTER = 5.0  # seconds without a connection, as zone.md says


def catalog(host="10.0.0.1"):
    return toml_catalog(service("time", [f"{host}:80"]))


def rewrite(path, text):
    beside = path.with_suffix(".new")
    beside.write_text(text)
    beside.rename(path)


def control_url(daemon):
    host, port = daemon.control
    return f"http://{host}:{port}"


def targets(daemon, name="time"):
    return [target for target, _ in endpoints(ask(daemon, name, "SRV"))]


def target(host):
    return f"ip-{host.replace('.', '-')}.addr.servicediscovery.internal."
