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


def versions():
    """Of Debian's packages."""
    found = subprocess.run(["dpkg-query", "-W", "-f", "${Package} ${Version}\\n", *PEERS], stdout=subprocess.PIPE, text=True, check=False).stdout
    return ", ".join(line.split("-")[0].split("+")[0] for line in found.splitlines())


def describe():
    virtual = "a virtual machine, " if "hypervisor" in field("/proc/cpuinfo", "flags") else ""
    memory = round(int(field("/proc/meminfo", "MemTotal").split()[0]) / 2**20)
    return (f"{virtual}{os.cpu_count()} cores of {field('/proc/cpuinfo', 'model name')}, {memory} GiB; "
            f"{field('/etc/os-release', 'PRETTY_NAME')}, Linux {platform.release()}; {first_line('g++', '--version')}; {versions()}; "
            f"{os.getloadavg()[0]:.1f} processes at work before it began")
