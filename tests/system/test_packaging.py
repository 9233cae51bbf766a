"""What packaging/ ships works: the demo's catalog answers each dig line that packaging/run prints."""
import re

import pytest

from support.ask import ask, rcode
from support.daemon import ROOT
from support.scripted_upstream import ScriptedUpstream, address_answer

LINES = re.findall(r"dig @127\.0\.0\.1 -p 5300 (\S+) (\S+)", (ROOT / "packaging/run").read_text())


@pytest.fixture(scope="module")
def demo(shared_start):
    elsewhere = ScriptedUpstream(address_answer)
    yield shared_start(catalog=[{"type": "file", "path": str(ROOT / "packaging/demo.toml")}],
                       forward={"upstreams": [elsewhere.text]})
    elsewhere.close()


def test_it_prints_lines_to_try():
    assert len(LINES) >= 6


@pytest.mark.parametrize("rdtype, name", LINES)
def test_each_line_is_answered(demo, rdtype, name):
    reply = ask(demo, f"{name}.", rdtype)
    assert rcode(reply) == "NOERROR" and reply.answer, reply
