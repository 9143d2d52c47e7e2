"""The rule set that a session pinned, read once per process."""

from __future__ import annotations

from functools import lru_cache

from chancery.procedure import rulesets

from .models import RuleSetVersion


@lru_cache(maxsize=32)
def _read(sha256: str) -> rulesets.RuleSet:
    version = RuleSetVersion.objects.get(pk=sha256)
    if version.content:
        return rulesets.RuleSet.from_toml(version.content.encode())
    return rulesets.preset(version.name)


def rules_of(sha256: str) -> rulesets.RuleSet:
    """The rule set with this hash; a version never changes, so it is kept."""
    return _read(sha256)
