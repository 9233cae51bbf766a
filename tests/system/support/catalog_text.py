"""Catalog files from short Python: service("time", ["10.0.1.7:8081", {...}])."""
import json

from support.toml_text import to_toml


def instance(address, **keys):
    host, port = address.rsplit(":", 1)
    return {"host": host.strip("[]"), "port": int(port), **keys}


def service(name, instances=(), **keys):
    """Each instance is `host:port` or a dictionary as the file has it."""
    entries = [instance(one) if isinstance(one, str) else one for one in instances]
    return {"name": name, **keys, "instance": entries}


def toml_catalog(*services):
    return "".join("\n[[service]]\n" + to_toml({k: v for k, v in one.items() if v != []}, ("service",))
                   for one in services)


def json_catalog(*services):
    listed = [{("instances" if key == "instance" else key): value for key, value in one.items()} for one in services]
    return json.dumps({"services": listed}, indent=1)
