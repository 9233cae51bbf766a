"""Debian's etcd with its own client: on free ports, with SkyDNS keys, to be killed, restored and compacted."""
import base64
import http.client
import json
import os
import shutil
import signal
import subprocess
import time

from support.ports import free_port

FOLDER = "/skydns/internal/servicediscovery"
KEYS_A_REQUEST = 100  # etcd takes 128 operations in a transaction
START_TIME = 20


def b64(text):
    return base64.b64encode(text.encode()).decode()


class Etcd:
    """Running from __init__ to close(). `tls` is the path of its certificate (Authority.certificate),
    `authority` that of the certificate which clients' own must come from."""

    def __init__(self, folder, tls=None, authority=None):
        self._folder, self._tls, self._authority = folder, tls, authority
        self.port, self._peer_port = free_port(), free_port()
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"
        self._output = open(folder / "output", "ab")
        self._number = 0
        self._user = []
        self._process = None
        self.start()

    # --- its life ---

    def start(self):
        """On the same port and data as before."""
        peer = f"http://127.0.0.1:{self._peer_port}"
        secure = []
        if self._tls:
            secure = ["--cert-file", f"{self._tls}.pem", "--key-file", f"{self._tls}.key"]
        if self._authority:
            secure += ["--client-cert-auth", "--trusted-ca-file", self._authority]
        self._process = subprocess.Popen(
            ["/usr/bin/etcd", "--data-dir", self._folder / f"data{self._number}", "--listen-client-urls", self.url,
             "--advertise-client-urls", self.url, "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
             "--initial-cluster", f"default={peer}", *secure],
            stdout=self._output, stderr=subprocess.STDOUT, start_new_session=True)
        deadline = time.monotonic() + START_TIME
        while not self._answers():
            assert self._process.poll() is None and time.monotonic() < deadline, (self._folder / "output").read_text()
            time.sleep(0.05)

    def kill(self):
        self._process.kill()
        self._process.wait()

    def freeze(self):
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self):
        self._process.send_signal(signal.SIGCONT)

    def forget_all(self):
        """The next start() is with an empty folder: revisions count from 1 again."""
        self._number += 1

    def close(self):
        if self._process.poll() is None:
            self.thaw()
            self.kill()
        self._output.close()
        for number in range(self._number + 1):
            shutil.rmtree(self._folder / f"data{number}", ignore_errors=True)

    def _answers(self):
        return self.etcdctl("endpoint", "health", check=False).returncode == 0

    # --- its keys ---

    def etcdctl(self, *arguments, check=True):
        secure = ["--insecure-skip-tls-verify"] if self._tls else []
        if self._authority:
            secure += ["--cert", f"{self._tls}.pem", "--key", f"{self._tls}.key"]
        return subprocess.run(["/usr/bin/etcdctl", "--endpoints", self.url, *secure, *self._user, *map(str, arguments)],
                              env={**os.environ, "ETCDCTL_API": "3"}, check=check, capture_output=True, text=True,
                              timeout=START_TIME)

    def put(self, path, lease=None, **value):
        arguments = ["--lease", lease] if lease else []
        self.put_text(path, json.dumps(value), *arguments)

    def put_text(self, path, text, *arguments):
        self.etcdctl("put", f"{FOLDER}/{path}", text, *arguments)

    def delete(self, path, *arguments):
        self.etcdctl("del", f"{FOLDER}/{path}", *arguments)

    def lease(self, seconds):
        """`lease 694d… granted with TTL(1s)`"""
        return self.etcdctl("lease", "grant", seconds).stdout.split()[1]

    def revision(self):
        (status,) = json.loads(self.etcdctl("endpoint", "status", "-w", "json").stdout)
        return status["Status"]["header"]["revision"]

    def compact(self):
        self.etcdctl("compact", self.revision())

    def demand_password(self, user, password):
        """From now on `user` may read the zone's keys, root (the same password) everything, and nobody else."""
        for arguments in (["user", "add", f"root:{password}"], ["role", "add", "root"], ["user", "grant-role", "root", "root"],
                          ["user", "add", f"{user}:{password}"], ["role", "add", "reader"],
                          ["role", "grant-permission", "--prefix=true", "reader", "read", f"{FOLDER}/"],
                          ["user", "grant-role", user, "reader"], ["auth", "enable"]):
            self.etcdctl(*arguments)
        self._user = ["--user", f"root:{password}"]

    def connection(self):
        """To put keys faster than etcdctl starts."""
        return FastKeys(self.port)


class FastKeys:
    """Puts keys over one connection to the JSON gateway (plain HTTP)."""

    def __init__(self, port):
        self._http = http.client.HTTPConnection("127.0.0.1", port, timeout=20)

    def post(self, path, **body):
        self._http.request("POST", path, json.dumps(body))
        reply = self._http.getresponse()
        text = reply.read()
        assert reply.status == 200, text
        return json.loads(text)

    def put(self, path, **value):
        self.post("/v3/kv/put", key=b64(f"{FOLDER}/{path}"), value=b64(json.dumps(value)))

    def delete(self, path):
        self.post("/v3/kv/deleterange", key=b64(f"{FOLDER}/{path}"))

    def has(self, path):
        return "kvs" in self.post("/v3/kv/range", key=b64(f"{FOLDER}/{path}"))

    def put_many(self, pairs):
        """`pairs` are (path, value); a hundred at a time."""
        pairs = list(pairs)
        for at in range(0, len(pairs), KEYS_A_REQUEST):
            self.post("/v3/kv/txn", success=[{"request_put": {"key": b64(f"{FOLDER}/{path}"), "value": b64(json.dumps(value))}}
                                             for path, value in pairs[at:at + KEYS_A_REQUEST]])
