"""The procedure engine: rules of procedure as data, and pure functions that apply them.

No clock, no database, no Django: the instant and every input are arguments. The names below are loaded
when first used, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chancery.procedure.adoption import NotAdopted as NotAdopted
    from chancery.procedure.adoption import decide as decide
    from chancery.procedure.adoption import require_adopted as require_adopted
    from chancery.procedure.documents import BadDocument as BadDocument
    from chancery.procedure.documents import decide_document as decide_document
    from chancery.procedure.rulesets import RuleSet as RuleSet
    from chancery.procedure.rulesets import RuleSetFaults as RuleSetFaults
    from chancery.procedure.rulesets import preset as preset
    from chancery.procedure.rulesets import presets as presets
    from chancery.procedure.sentences import working_sentences as working_sentences

_HOMES = {
    "NotAdopted": "adoption",
    "decide": "adoption",
    "require_adopted": "adoption",
    "BadDocument": "documents",
    "decide_document": "documents",
    "RuleSet": "rulesets",
    "RuleSetFaults": "rulesets",
    "preset": "rulesets",
    "presets": "rulesets",
    "working_sentences": "sentences",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
