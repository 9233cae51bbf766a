"""An etcd of one member, filled through its JSON interface."""
import base64
import json
import subprocess
import time
import urllib.error
import urllib.request

PORT = 2379
URL = f"http://127.0.0.1:{PORT}"
FOLDER = "/skydns/internal/servicediscovery"
KEYS_A_REQUEST = 100  # etcd takes 128 operations in a transaction


def put(path, value):
    encode = lambda text: base64.b64encode(text.encode()).decode()
    return {"requestPut": {"key": encode(f"{FOLDER}/{path}"), "value": encode(json.dumps(value))}}


def post(what, body):
    with urllib.request.urlopen(f"{URL}/v3/{what}", json.dumps(body).encode(), timeout=60) as reply:
        return json.load(reply)


def keys_of(service):
    return [put(f"{service['name']}/{number}", {key: one[key] for key in ("host", "port", "weight", "priority")})
            for number, one in enumerate(service["instances"])]


class Etcd:
    def __init__(self, folder):
        self._log = open(folder / "etcd.log", "w", encoding="utf-8")
        self._process = subprocess.Popen(
            ["taskset", "-c", "1", "etcd", "--data-dir", folder / "etcd", "--listen-client-urls", URL, "--advertise-client-urls", URL,
             "--unsafe-no-fsync"], stdout=self._log, stderr=self._log)
        for _ in range(200):
            try:
                post("maintenance/status", {})
                return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise RuntimeError(f"etcd does not answer; {self._log.name} may say why")

    def fill(self, services):
        keys = [key for service in services for key in keys_of(service)]
        for at in range(0, len(keys), KEYS_A_REQUEST):
            post("kv/txn", {"success": keys[at:at + KEYS_A_REQUEST]})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.terminate()
        self._process.wait()
        self._log.close()
