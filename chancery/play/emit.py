"""The one form in which a folder is written: YAML in block style that reads back as the same bytes."""

from __future__ import annotations

import json
import re
from typing import Any

_PLAIN = re.compile(r"[^\W\d_][\w ./()@+-]*")
_WORDS = {"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"}


def scalar(value: Any) -> str:
    """A scalar, plain only where nobody could read it as anything but text; else a JSON string."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS and text == text.strip() and "  " not in text:
        return text
    return json.dumps(text, ensure_ascii=False)


def acts(entries: list[dict[str, Any]]) -> str:
    """A list of acts as the text of acts.yaml."""
    return "".join(_entry(entry) for entry in entries)


def _entry(entry: dict[str, Any]) -> str:
    lines = [line for key, value in entry.items() for line in _pair(key, value)]
    return "".join(("- " if n == 0 else "  ") + line + "\n" for n, line in enumerate(lines))


def _pair(key: str, value: Any) -> list[str]:
    name = scalar(key)
    if isinstance(value, dict) and value:
        return [f"{name}:", *("  " + line for k, v in value.items() for line in _pair(k, v))]
    if isinstance(value, list) and any(isinstance(item, dict | list) for item in value):
        return [f"{name}:", *("  " + line for item in value for line in _item(item))]
    return [f"{name}: {_flow(value)}"]


def _item(item: Any) -> list[str]:
    if isinstance(item, dict) and item:
        lines = [line for key, value in item.items() for line in _pair(key, value)]
    elif isinstance(item, list) and any(isinstance(inner, dict | list) for inner in item):
        lines = [line for inner in item for line in _item(inner)]
    else:
        return [f"- {_flow(item)}"]
    return [("- " if n == 0 else "  ") + line for n, line in enumerate(lines)]


def _flow(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(scalar(item) for item in value) + "]"
    return "{}" if value == {} else scalar(value)
