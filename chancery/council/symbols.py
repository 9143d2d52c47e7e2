"""The next symbol of a series. Numbers are taken inside the act's transaction and never reused."""

from __future__ import annotations

from typing import Any

from chancery.procedure.symbols import FIELD, NUMBERS, BadSymbol, Template
from chancery.trail.errors import Refused

from .models import Counter, Series


def take(series: Series, **fields: str | int) -> str:
    """The next symbol of `series`. The scope of its counter is the pattern's other fields, joined by "/"."""
    names = [name for name, _ in FIELD.findall(series.pattern)]
    given = {name: _fit(name, fields[name]) for name in names if fields.get(name)}
    if missing := [name for name in names if name != "counter" and name not in given]:
        raise Refused("form", f"a symbol of series {series.key} needs {', '.join(missing)}")
    if "counter" in names:
        scope = "/".join(str(value) for value in given.values())
        counter, _ = Counter.objects.get_or_create(series=series, scope=scope, defaults={"value": 0})
        counter.value += 1
        counter.save(update_fields=["value"])
        given["counter"] = counter.value
    symbol: str = Template(series.pattern).format(suffixes=(), reissues=0, **given)
    return symbol


def _fit(name: str, value: str | int) -> str | int:
    return int(value) if name in NUMBERS else str(value)


def one_series(serves: str) -> Series:
    """The one series that serves decisions, releases …; refused where there are several or none."""
    found = list(Series.objects.filter(serves=serves))
    if len(found) != 1:
        raise Refused("form", f"{len(found)} series serve a {serves}; name the series")
    return found[0]


# One value of each field, to see whether a symbol of one pattern could be one of another.
_SAMPLE: dict[str, Any] = (
    dict.fromkeys(NUMBERS, 7) | dict.fromkeys(("organ", "body", "item", "series"), "A") | {"year": 2026}
)


def may_clash(left: str, right: str) -> bool:
    """Whether a symbol of one pattern could be read as a symbol of the other."""
    return _reads(left, right) or _reads(right, left)


def _reads(pattern: str, other: str) -> bool:
    sample = {name: _SAMPLE[name] for name, _ in FIELD.findall(other)}
    try:
        Template(pattern).parse(Template(other).format(**sample))
    except BadSymbol:
        return False
    return True
