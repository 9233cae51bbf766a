"""A catalog of 100,000 instances in 20,000 services, for the parts that measure one."""
import json
import os
import time

from . import documents, peers
from .server import question

SERVICES, INSTANCES = 20_000, 5
LAST = question(f"svc{SERVICES - 1}.{documents.ZONE}", documents.TYPES["SRV"])


def services(weight=100):
    """Service 0 has a first instance of this weight."""
    return [documents.service(number, INSTANCES, weight if number == 0 else 100) for number in range(SERVICES)]


def write(path, weight=100):
    """Beside it first, then in its place."""
    beside = path.with_suffix(".new")
    beside.write_text(json.dumps({"services": services(weight)}))
    os.replace(beside, path)


def started(bench, **how):
    """A daemon, and the seconds from exec to its first answer from the catalog."""
    began = time.monotonic()
    server = peers.start_signpost(bench.signpostd, bench.folder, probe=None, **how)
    return server, server.wait_for(LAST, 60, pause=0.0005) - began
