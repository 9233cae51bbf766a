"""A network and mount namespace of a test's own: port 53 is free there, and /etc/resolv.conf is the test's.

The machine's own files and network are not touched. Needs root, or rather a kernel that lets us make namespaces."""
import ctypes
import os
import subprocess
from contextlib import contextmanager

SET_UP = """
set -e
ip link set lo up
for file in resolv.conf nsswitch.conf hosts; do mount --bind "$1/$file" "/etc/$file"; done
echo up
exec cat
"""
CLONE_NEWNET = 0x40000000


def may_make_namespaces():
    return os.geteuid() == 0 and subprocess.run(["unshare", "--net", "--mount", "true"], check=False,
                                                capture_output=True).returncode == 0


class Namespace:
    """Lives until close(), or until this process is gone.

    enter   the words before a command that make it run there
    """

    def __init__(self, folder):
        self._resolv_conf = folder / "resolv.conf"
        self.write_resolv_conf("nameserver 127.0.0.1")
        (folder / "nsswitch.conf").write_text("hosts: dns\n")
        (folder / "hosts").write_text("")
        self._holder = subprocess.Popen(["unshare", "--net", "--mount", "sh", "-c", SET_UP, "sh", str(folder)],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._holder.stdout.readline() == b"up\n", "the namespace could not be made"
        self.enter = ["nsenter", "--target", str(self._holder.pid), "--net", "--mount", "--"]

    def write_resolv_conf(self, *lines):
        """In place: the mount is of this very file."""
        self._resolv_conf.write_text("".join(f"{line}\n" for line in lines))

    @contextmanager
    def inside(self):
        """New sockets of this thread, and the processes it starts, are in the namespace's network."""
        with open("/proc/thread-self/ns/net", "rb") as home, open(f"/proc/{self._holder.pid}/ns/net", "rb") as there:
            _join_network(there)
            try:
                yield
            finally:
                _join_network(home)

    def counters(self):
        """The kernel's counters of its network, as `TcpPassiveOpens`, `UdpInDatagrams` and so on."""
        with self.inside(), open("/proc/thread-self/net/snmp", encoding="ascii") as table:
            lines = [line.split() for line in table]
        return {heading[0][:-1] + name: int(value) for heading, row in zip(lines[::2], lines[1::2])
                for name, value in zip(heading[1:], row[1:])}

    def close(self):
        self._holder.stdin.close()
        self._holder.wait(5)
        self._holder.stdout.close()


def _join_network(namespace):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(namespace.fileno(), CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")
