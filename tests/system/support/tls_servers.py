"""DNS over TLS: certificates by openssl, unbound as the server, and a relay in front of it that sees all bytes."""
import socket
import subprocess
import threading
import time

from support.ports import free_port
from support.real_servers import RealServer

UNBOUND_CONFIG = """
server:
  interface: 127.0.0.1@{port}
  tls-port: {port}
  tls-service-key: "{certificate}.key"
  tls-service-pem: "{certificate}.pem"
  username: ""
  chroot: ""
  directory: "{folder}"
  pidfile: ""
  logfile: "{folder}/unbound.log"
  use-syslog: no
  num-threads: 1
  incoming-num-tcp: 100
  do-ip6: no
  access-control: 127.0.0.0/8 allow
  local-zone: "example." redirect
  local-data: "example. 300 IN A 198.51.100.7"
remote-control:
  control-enable: no
"""
NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


class Authority:
    """A certificate authority of the test's own; `environment` makes a daemon trust it."""

    def __init__(self, folder):
        self._folder = folder
        self._path = folder / "authority"
        openssl("req", "-x509", *NEW_KEY, "-keyout", f"{self._path}.key", "-out", f"{self._path}.pem", "-days", 2,
                "-subj", "/CN=Authority of a test")
        self.environment = {"SSL_CERT_FILE": f"{self._path}.pem"}

    def certificate(self, *names, days=2):
        """The path, without .pem and .key, of a certificate for `names` (`DNS:dns.example`, `IP:127.0.0.1`)."""
        path = self._new_path()
        openssl("req", *NEW_KEY, "-keyout", f"{path}.key", "-out", f"{path}.csr", "-subj", "/CN=server",
                "-addext", "subjectAltName=" + ",".join(names))
        openssl("x509", "-req", "-in", f"{path}.csr", "-CA", f"{self._path}.pem", "-CAkey", f"{self._path}.key",
                "-CAcreateserial", "-days", days, "-copy_extensions", "copy", "-out", f"{path}.pem")
        return path

    def self_signed(self, *names):
        """The same, signed by itself."""
        path = self._new_path()
        openssl("req", "-x509", *NEW_KEY, "-keyout", f"{path}.key", "-out", f"{path}.pem", "-days", 2,
                "-subj", "/CN=server", "-addext", "subjectAltName=" + ",".join(names))
        return path

    def _new_path(self):
        number = len(list(self._folder.glob("server*.key")))
        return self._folder / f"server{number}"


class TlsServer(RealServer):
    """Unbound, which says 198.51.100.7 for every name below example., over TLS alone."""

    def __init__(self, folder, certificate):
        port = free_port()
        (folder / "unbound.conf").write_text(
            UNBOUND_CONFIG.format(port=port, folder=folder, certificate=certificate))
        super().__init__(folder, ["/usr/sbin/unbound", "-d", "-c", str(folder / "unbound.conf")], port, "example.")

    def _wait(self, zone, folder):
        for _ in range(100):
            assert self._process.poll() is None, (folder / "output").read_text()
            try:
                socket.create_connection(self.address, 0.2).close()
                return
            except OSError:
                time.sleep(0.05)
        raise AssertionError("it takes no connection: " + (folder / "output").read_text())


class Relay:
    """Takes TCP connections, carries them to `target`, and keeps all that clients said. It listens on the UDP port of
    the same number too, and only keeps what it hears there."""

    def __init__(self, target):
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = self._listener.getsockname()
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind(self.address)
        self._udp.settimeout(0)
        self.connections = 0
        self.said = b""
        self._open = []
        self._lock = threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    def datagrams(self):
        """What came over UDP since the last call."""
        heard = []
        try:
            while True:
                heard.append(self._udp.recv(65535))
        except BlockingIOError:
            return heard

    def cut(self):
        """Ends all connections."""
        with self._lock:
            for one in self._open:
                shut(one)
            self._open.clear()

    def close(self):
        shut(self._listener)
        self.cut()
        self._listener.close()
        self._udp.close()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
                server = socket.create_connection(self._target)
            except OSError:
                return
            with self._lock:
                self.connections += 1
                self._open += [client, server]
            threading.Thread(target=self._carry, args=(client, server, True), daemon=True).start()
            threading.Thread(target=self._carry, args=(server, client, False), daemon=True).start()

    def _carry(self, source, sink, keep):
        try:
            while data := source.recv(65536):
                if keep:
                    with self._lock:
                        self.said += data
                sink.sendall(data)
        except OSError:
            pass
        shut(source)
        shut(sink)


def shut(one):
    try:
        one.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
