"""Texts as Hypothesis draws them: every script, every sign, and forms that are nearly right."""

from __future__ import annotations

from hypothesis import strategies as st

WORDS = [
    "shall",
    "should",
    "report",
    "annually",
    "the",
    "Council",
    "Parties",
    "fund",
    "open",
    "progress",
    "应当",
    "合作",
    "各缔约方",
    "ภาษาไทยน้ำ",
    "التعاون",
    "الأطراف",
    "שלום",
    "दक्षिण",
    "é",
    "é",
    "👩\u200d👩\u200d👧",
    "👩\u200d👧",
    "🇰🇿🇰🇬",
    "don’t",
    "1,000.5",
    "ñ",
]
SIGNS = [
    "[",
    "]",
    "]{EU}",
    "]{#b1 US // EU, CA}",
    " // ",
    "∅",
    "**",
    "*",
    "__",
    "[^1]",
    "\\[",
    "\\*",
    "|",
    "{",
    "}",
    "\\",
]
STARTS = ["", "1. ", "2bis. ", "(a) ", "    (b) ", "- ", "# ", "### ", "| ", "[^1]: ", "Option 1: ", "**Option II:** "]
ODD = [
    "\r\n",
    "\r",
    "\ufeff",
    "\u0301",
    "\u00a0",
    "\u200d",
    "\u0600",
    "\t",
    "  ",
    "\n",
    "\n\n",
    "\u2028",
    "\u00ad",
    "---\n",
]

bodies = st.builds(
    lambda start, parts, end: start + " ".join(parts) + end,
    st.sampled_from(STARTS),
    st.lists(st.sampled_from(WORDS + SIGNS), min_size=1, max_size=10),
    st.sampled_from(["", ".", " {#u1}", " {#u2}", ""]),
)
texts = st.lists(bodies, min_size=1, max_size=6).map(lambda found: "\n\n".join(found) + "\n")
wild = st.lists(st.sampled_from(WORDS + SIGNS + STARTS + ODD), max_size=25).map("".join)
plain_bodies = st.lists(st.sampled_from(WORDS), min_size=2, max_size=9).map(" ".join)


@st.composite
def edited(draw: st.DrawFn, text: str, *, words: tuple[str, ...] = tuple(WORDS)) -> str:
    """`text` after a few changes of whole words and units; labels stay."""
    units = text.rstrip("\n").split("\n\n")
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(units) - 1))
        kind = draw(st.sampled_from(["replace", "insert", "delete", "add", "drop", "move"]))
        parts = units[at].split(" ")
        place = draw(st.integers(min(1, len(parts) - 1), len(parts) - 1))
        if kind == "replace":
            parts[place] = draw(st.sampled_from(words))
        elif kind == "insert":
            parts.insert(place + 1, draw(st.sampled_from(words)))
        elif kind == "delete" and len(parts) > 2:
            del parts[place]
        units[at] = " ".join(parts)
        if kind == "add":
            units.insert(at + 1, "9. " + draw(plain_bodies))
        elif kind == "drop" and len(units) > 1:
            del units[at]
        elif kind == "move":
            units.insert(draw(st.integers(0, len(units) - 1)), units.pop(at))
    return "\n\n".join(units) + "\n"


numbered = st.lists(plain_bodies, min_size=1, max_size=5).map(
    lambda found: "# Draft\n\n" + "\n\n".join(f"{n}. {body}" for n, body in enumerate(found, 1)) + "\n"
)
SMALL_WORDS = ("a", "b", "c", "d", "shall", "should")
crowded = st.lists(
    st.lists(st.sampled_from(SMALL_WORDS), min_size=2, max_size=8).map(" ".join), min_size=1, max_size=3
).map(lambda found: "\n\n".join(f"{n}. {body}" for n, body in enumerate(found, 1)) + "\n")
