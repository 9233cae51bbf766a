"""Where the memory of a process is: /proc/PID/smaps, summed up by what maps it."""
import re
from collections import Counter
from pathlib import Path

HEAD = re.compile(r"^([0-9a-f]+)-([0-9a-f]+) \S+ \S+ \S+ \d+\s*(.*)$")


def stack_pointers(pid):
    """Of the threads that wait in a system call."""
    out = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        words = (task / "syscall").read_text().split()
        if len(words) >= 2:
            out.append(int(words[-2], 16))
    return out


def kind(name, program, is_stack):
    if is_stack:
        return "stacks"
    if name == str(program):
        return "signpostd itself"
    if ".so" in name:
        return re.sub(r"[-.\d]*\.so.*", "", Path(name).name)
    return name.strip("[]") or "threads' heaps and other anonymous memory"


def by_kind(pid, program):
    """KiB that are resident, and of them the anonymous ones, largest first: {kind: (all, anonymous)}."""
    resident, anonymous, what = Counter(), Counter(), ""
    stacks = stack_pointers(pid)
    for line in Path(f"/proc/{pid}/smaps").read_text().splitlines():
        head = HEAD.match(line)
        if head:
            first, end = int(head[1], 16), int(head[2], 16)
            what = kind(head[3], program, any(first <= at < end for at in stacks))
        elif line.startswith("Rss:"):
            resident[what] += int(line.split()[1])
        elif line.startswith("Anonymous:"):
            anonymous[what] += int(line.split()[1])
    return {what: (size, anonymous[what]) for what, size in resident.most_common()}
