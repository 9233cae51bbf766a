#!/usr/bin/python3
"""Counts the cases of JUnit files: prints `passed failed skipped`, and to standard error each case that did not pass.

With --failed: pytest's names of the system tests that failed, a line each."""
import sys
import xml.etree.ElementTree as ElementTree


def outcome(case):
    if case.find("failure") is not None or case.find("error") is not None:
        return "failed"
    if case.find("skipped") is not None or case.get("status") == "notrun":
        return "skipped"
    return "passed"


def cases(paths):
    return [case for path in paths for case in ElementTree.parse(path).iter("testcase")]


def print_failed(paths):
    for case in cases(paths):
        if outcome(case) == "failed":
            print(f"tests/system/{case.get('classname').rpartition('.')[2]}.py::{case.get('name')}")


def main():
    if sys.argv[1] == "--failed":
        print_failed(sys.argv[2:])
        return
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    for case in cases(sys.argv[1:]):
        result = outcome(case)
        counts[result] += 1
        if result != "passed":
            print(f"  {result}: {case.get('classname', '')} {case.get('name')}", file=sys.stderr)
    print(counts["passed"], counts["failed"], counts["skipped"])


if __name__ == "__main__":
    main()
