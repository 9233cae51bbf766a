"""The load of dnsperf, and what a query of it costs a server."""
import re
import subprocess


def command(port, queries, *how, cpus="1", clients=4, outstanding=100):
    return ["taskset", "-c", cpus, "dnsperf", "-s", "127.0.0.1", "-p", str(port), "-d", str(queries), "-c", str(clients), "-T", "1",
            "-q", str(outstanding), *map(str, how)]


def figures(out):
    """What dnsperf printed: queries completed and lost, and how many a second."""
    number = lambda pattern: float((re.search(pattern, out) or [0, "0"])[1])
    return {"done": number(r"Queries completed:\s+(\d+)"), "lost": number(r"Queries lost:\s+(\d+)"),
            "rate": number(r"Queries per second:\s+([\d.]+)")}


def load(*where, **how):
    out = figures(subprocess.run(command(*where, **how), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False).stdout)
    if out["done"] == 0:
        raise RuntimeError(f"nothing was answered: {where}")
    return out


def cost(server, queries, seconds, *how, **where):
    """CPU microseconds a query of all threads, after a warm-up of a second."""
    load(server.port, queries, *how, "-l", 1, **where)
    before = server.cpu_seconds()
    done = load(server.port, queries, *how, "-l", seconds, **where)["done"]
    return (server.cpu_seconds() - before) / done * 1e6
