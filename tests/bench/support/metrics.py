"""Figures from a daemon's control port."""
import re
import urllib.request


def figure(control, name):
    """The sum over all labels."""
    with urllib.request.urlopen(f"http://{control}/metrics", timeout=10) as page:
        found = re.findall(rf"^{name}(?:{{.*}})? (\S+)", page.read().decode(), re.MULTILINE)
    return sum(map(float, found))
