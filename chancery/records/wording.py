"""The sentences with which a final document lists decisions, per language. Other languages read as English."""

from __future__ import annotations

_LISTED = {
    "en": {
        "consensus": "Decision {symbol}, *{title}*, adopted by consensus;",
        "vote": "Decision {symbol}, *{title}*, adopted by {for} votes to {against}, with {abstain} abstaining;",
    },
    "ru": {
        "consensus": "решение {symbol} *«{title}»*, принято консенсусом;",
        "vote": "решение {symbol} *«{title}»*, принято: за {for}, против {against}, воздержались {abstain};",
    },
    "ar": {
        "consensus": "المقرر {symbol} *{title}*، اعتُمد بتوافق الآراء؛",
        "vote": "المقرر {symbol} *{title}*، اعتُمد بالتصويت: المؤيدون {for}، المعارضون {against}، الممتنعون {abstain}؛",
    },
    "fr": {
        "consensus": "Décision {symbol}, *{title}*, adoptée par consensus ;",
        "vote": "Décision {symbol}, *{title}*, adoptée par {for} voix contre {against}, avec {abstain} abstentions ;",
    },
}


def listed(language: str, method: str, **words: object) -> str:
    """One decision as a numbered line of the final document."""
    return _LISTED.get(language, _LISTED["en"])[method].format_map(words)
