"""Who is measured, and who stands behind: signpostd, dnsdist, unbound, and NSD as their authority; one worker each."""
from .documents import ZONE
from .server import Server

AUTHORITY, SIGNPOST, UNBOUND, DNSDIST = 5300, 5401, 5402, 5404

NSD = """server:
  ip-address: 127.0.0.1@{port}
  username: ""
  zonesdir: {folder}
  pidfile: {folder}/nsd.pid
  zonelistfile: {folder}/zone.list
  xfrdfile: {folder}/xfrd.state
  xfrdir: {folder}
  database: ""
  server-count: 1
  rrl-ratelimit: 0
remote-control:
  control-enable: no
zone:
  name: {zone}
  zonefile: own.zone
zone:
  name: example
  zonefile: other.zone
"""

UNBOUND_TEXT = """server:
  interface: 127.0.0.1@{port}
  username: ""
  chroot: ""
  directory: {folder}
  pidfile: ""
  num-threads: 1
  do-daemonize: no
  use-syslog: no
  verbosity: 0
  so-rcvbuf: 4m
  module-config: "iterator"
  do-not-query-localhost: no
  msg-cache-size: 64m
  rrset-cache-size: 64m
  outgoing-range: 4096
  num-queries-per-thread: 2048
  incoming-num-tcp: 100
  local-zone: "internal." nodefault
remote-control:
  control-enable: no
forward-zone:
  name: "."
  forward-addr: 127.0.0.1@{authority}
"""

DNSDIST_TEXT = """setLocal('127.0.0.1:{port}')
newServer({{address='127.0.0.1:{authority}', checkName='h1.example.'}})
getPool(""):setCache(newPacketCache(400000, {{maxTTL=86400}}))
setSecurityPollSuffix("")
"""

SIGNPOST_TEXT = """[listen]
addresses = ["127.0.0.1:{port}"]
workers = {workers}
[forward]
upstreams = ["127.0.0.1:{authority}"]
[cache]
size = "128MiB"
[state]
path = "{state}"
[control]
listen = "{control}"
[log]
level = "warn"
{more}
"""


def file_catalog(path):
    return f'[[catalog]]\ntype = "file"\npath = "{path}"\n'


def start_authority(folder, cpus="1"):
    """REQUIRES: documents.write_zones() was there."""
    (folder / "nsd.conf").write_text(NSD.format(port=AUTHORITY, folder=folder, zone=ZONE))
    return Server(["nsd", "-d", "-c", folder / "nsd.conf"], AUTHORITY, folder / "nsd.log", cpus)


def start_unbound(folder):
    (folder / "unbound.conf").write_text(UNBOUND_TEXT.format(port=UNBOUND, folder=folder, authority=AUTHORITY))
    return Server(["unbound", "-d", "-c", folder / "unbound.conf"], UNBOUND, folder / "unbound.log")


def start_dnsdist(folder):
    (folder / "dnsdist.conf").write_text(DNSDIST_TEXT.format(port=DNSDIST, authority=AUTHORITY))
    return Server(["dnsdist", "--supervised", "-C", folder / "dnsdist.conf", "--disable-syslog"], DNSDIST, folder / "dnsdist.log")


def start_signpost(program, folder, *, catalog="", more="", port=SIGNPOST, workers=1, state="", control="", **how):
    """`catalog` is a file's path; `how` is Server's."""
    text = SIGNPOST_TEXT.format(port=port, workers=workers, authority=AUTHORITY, state=state, control=control,
                                more=(file_catalog(catalog) if catalog else "") + more)
    config = folder / f"signpost-{port}.toml"
    config.write_text(text)
    return Server([program, "--config", config], port, folder / f"signpost-{port}.log", **how)
