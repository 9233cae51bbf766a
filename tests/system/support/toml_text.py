"""Writes dictionaries as TOML: a test says its configuration as keyword arguments."""
import json


def to_toml(table, path=()):
    plain = [f"{key} = {json.dumps(value)}" for key, value in table.items() if not _is_table(value)]
    nested = [_sub_tables(value, (*path, key)) for key, value in table.items() if _is_table(value)]
    return "\n".join(plain + nested) + "\n"


def _is_table(value):
    return isinstance(value, dict) or (isinstance(value, list) and value and isinstance(value[0], dict))


def _sub_tables(value, path):
    name = ".".join(path)
    if isinstance(value, dict):
        return f"\n[{name}]\n" + to_toml(value, path)
    return "".join(f"\n[[{name}]]\n" + to_toml(entry, path) for entry in value)
