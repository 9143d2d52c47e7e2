"""Slugs: the words of a title in an address, transliterated once and then frozen."""

from __future__ import annotations

import re
import unicodedata

_LETTERS = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґўәғқңөұүһҗ"
_LATIN = (
    "a,b,v,g,d,e,e,zh,z,i,i,k,l,m,n,o,p,r,s,t,u,f,kh,ts,ch,sh,shch,,y,,e,iu,ia,"  # Russian
    "i,i,ie,g,u,a,g,k,n,o,u,u,h,j"  # letters of the neighbours
)
_CYRILLIC = dict(zip(_LETTERS, _LATIN.split(","), strict=True))


def slug(title: str, fallback: str) -> str:
    """At most 60 letters a-z, digits and hyphens; `fallback` where a title has no letter we can write."""
    words = "".join(_CYRILLIC.get(c, c) for c in title.lower())
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode()
    made = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-")
    return made or fallback.replace("_", "-")
