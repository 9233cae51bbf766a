"""NSD as an authority and unbound as a resolver, in the foreground, on free ports, with all their files in one folder."""
import os
import signal
import subprocess
import time

import dns.exception
import dns.message
import dns.query

from support.ports import free_port

NSD_CONFIG = """
server:
  ip-address: 127.0.0.1@{port}
  username: ""
  chroot: ""
  zonesdir: "{folder}"
  database: ""
  pidfile: "{folder}/nsd.pid"
  xfrdfile: "{folder}/xfrd.state"
  zonelistfile: "{folder}/zone.list"
  logfile: "{folder}/nsd.log"
  server-count: 1
  rrl-ratelimit: 0
remote-control:
  control-enable: no
zone:
  name: "{zone}"
  zonefile: "zone.text"
"""

UNBOUND_CONFIG = """
server:
  interface: 127.0.0.1@{port}
  username: ""
  chroot: ""
  directory: "{folder}"
  pidfile: ""
  logfile: "{folder}/unbound.log"
  use-syslog: no
  num-threads: 1
  do-ip6: no
  do-not-query-localhost: no
  module-config: "iterator"
  access-control: 127.0.0.0/8 allow
  local-zone: "{zone}" nodefault
stub-zone:
  name: "{zone}"
  stub-addr: 127.0.0.1@{authority_port}
remote-control:
  control-enable: no
"""


class RealServer:
    """A program that serves DNS on `address` until close()."""

    def __init__(self, folder, command, port, zone):
        self.address = ("127.0.0.1", port)
        self.text = f"127.0.0.1:{port}"
        self._command, self._folder, self._zone = command, folder, zone
        self._output = open(folder / "output", "ab")
        self.start()

    def start(self):
        """As at first, on the same port: after kill()."""
        self._process = subprocess.Popen(self._command, stdout=self._output, stderr=subprocess.STDOUT, cwd=self._folder,
                                         start_new_session=True)
        try:
            self._wait(self._zone, self._folder)
        except BaseException:
            self.close()
            raise

    def signal_all(self, number):
        """To it and to the processes it has started: kill -9 of the first would leave others answering."""
        os.killpg(self._process.pid, number)

    def kill(self):
        self.signal_all(signal.SIGKILL)
        self._process.wait()

    def close(self):
        self._process.terminate()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._output.close()

    def _wait(self, zone, folder):
        query = dns.message.make_query(zone, "SOA")
        for _ in range(100):
            assert self._process.poll() is None, (folder / "output").read_text()
            try:
                if dns.query.udp(query, "127.0.0.1", port=self.address[1], timeout=0.2).answer:
                    return
            except (dns.exception.Timeout, OSError):
                time.sleep(0.05)
        raise AssertionError("it does not answer: " + (folder / "output").read_text())


def start_nsd(folder, zone, text):
    """An authority for `zone`, whose records are `text`."""
    port = free_port()
    (folder / "zone.text").write_text(text)
    (folder / "nsd.conf").write_text(NSD_CONFIG.format(port=port, folder=folder, zone=zone))
    return RealServer(folder, ["/usr/sbin/nsd", "-d", "-c", str(folder / "nsd.conf")], port, zone)


def start_unbound(folder, zone, authority):
    """A resolver that finds `zone` at `authority`."""
    port = free_port()
    (folder / "unbound.conf").write_text(
        UNBOUND_CONFIG.format(port=port, folder=folder, zone=zone, authority_port=authority.address[1]))
    return RealServer(folder, ["/usr/sbin/unbound", "-d", "-c", str(folder / "unbound.conf")], port, zone)
