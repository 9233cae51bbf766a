"""Steady load from dnsperf, for the promise that no query is lost."""
import re
import subprocess


class Load:
    """`rate` queries a second for `seconds`, started at once; report() waits for the end."""

    def __init__(self, folder, daemon, questions, rate=5000, seconds=8):
        asked = folder / "questions"
        asked.write_text("".join(f"{question}\n" for question in questions))
        host, port = daemon.address
        self._process = subprocess.Popen(
            ["dnsperf", "-s", host, "-p", str(port), "-d", str(asked), "-Q", str(rate), "-l", str(seconds),
             "-c", "8", "-T", "1", "-q", "500", "-t", "5", "-S", "0"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def is_running(self):
        return self._process.poll() is None

    def report(self):
        """(sent, lost, {rcode: count}, the whole text)."""
        text = self._process.communicate(timeout=120)[0]
        sent = int(re.search(r"Queries sent:\s+(\d+)", text)[1])
        lost = int(re.search(r"Queries lost:\s+(\d+)", text)[1])
        codes = {name: int(count) for name, count in re.findall(r"([A-Z]+) (\d+) \(", text)}
        return sent, lost, codes, text

    def assert_nothing_lost(self):
        """Every query came back, and every answer was NOERROR."""
        sent, lost, codes, text = self.report()
        assert sent > 1000, text
        assert lost == 0, text
        assert set(codes) == {"NOERROR"}, text
