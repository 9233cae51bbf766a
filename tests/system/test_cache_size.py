"""`cache.size = "auto"`, in a namespace where the control group's files are the test's."""
import subprocess

import pytest

from support.daemon import BINARY, configuration
from support.namespace import may_make_namespaces

# The daemon sees a group of its own making: /proc/self/cgroup cannot be covered, the tree it points into can.
INSIDE = """
set -e
mount --bind "$1/cgroup" /sys/fs/cgroup
"$2" --config "$1/signpost.toml" > "$1/ready" 2> "$1/log" &
daemon=$!
for _ in $(seq 300); do grep -q ^ready "$1/ready" && break; sleep 0.05; done
kill $daemon
wait $daemon
"""


@pytest.mark.parametrize("said, size", [("134217728", "16MiB, of a memory limit of 128MiB"),
                                        ("max", "32MiB, for there is no memory limit")])
def test_auto_is_a_share_of_the_limit_of_its_control_group(tmp_path, said, size):
    if not may_make_namespaces():
        pytest.skip("the kernel gives us no network and mount namespace")
    (tmp_path / "cgroup" / "memory").mkdir(parents=True)
    (tmp_path / "cgroup" / "memory.max").write_text(f"{said}\n")
    (tmp_path / "cgroup" / "memory" / "memory.limit_in_bytes").write_text("9223372036854771712\n")
    (tmp_path / "signpost.toml").write_text(configuration(cache={"size": "auto"}))
    subprocess.run(["unshare", "--mount", "sh", "-c", INSIDE, "sh", str(tmp_path), BINARY], check=True, timeout=60)
    log = (tmp_path / "log").read_text()
    assert f"size auto: {size}" in log and "not yet" not in log, log


def test_auto_starts_wherever_it_runs(start):
    daemon = start(cache={"size": "auto"})
    daemon.wait_for_log("size auto: [0-9]+[KMG]iB")
