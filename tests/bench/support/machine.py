"""The machine that the figures are of, in a sentence: without it they say nothing."""
import os
import platform
import re
import subprocess
from pathlib import Path

PEERS = ["dnsdist", "unbound", "dnsperf", "valgrind"]


def first_line(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False).stdout.splitlines()[0]


def field(path, name):
    return re.search(rf"^{name}\s*[:=]\s*\"?([^\"\n]*)", Path(path).read_text(), re.MULTILINE)[1].strip()


def version(package):
    """`unbound 1.17.1` of Debian's 1.17.1-2+deb12u4."""
    found = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", package], stdout=subprocess.PIPE, text=True, check=False).stdout
    return f"{package} {re.sub('^[0-9]+:|[-+].*', '', found)}"


def describe():
    virtual = "a virtual machine, " if "hypervisor" in field("/proc/cpuinfo", "flags") else ""
    memory = round(int(field("/proc/meminfo", "MemTotal").split()[0]) / 2**20)
    return (f"{virtual}{os.cpu_count()} cores of {field('/proc/cpuinfo', 'model name')}, {memory} GiB; "
            f"{field('/etc/os-release', 'PRETTY_NAME')}, Linux {platform.release().split('-')[0]}; g++ {first_line('g++', '-dumpfullversion')}; {', '.join(map(version, PEERS))}; "
            f"{os.getloadavg()[0]:.1f} processes at work when it began")
