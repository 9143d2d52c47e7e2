"""Numbers, dates, plurals, direction and sort keys for people: the one place where they are formed.

All rules come from CLDR as Babel carries it; each exception says why it is one. Digits stay Latin in
every language. Pure: no clock, no Django; instants and zones are arguments.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal

LANGUAGES = ("en", "ru", "ky", "ar", "kk", "uz", "tg", "uk", "be", "hy", "ka", "az", "fr", "fa", "tk")

# CLDR writes d/M/yy here; both countries write dd.mm.yyyy.
_SHORT_DATE = {"ky": "dd.MM.yyyy", "tg": "dd.MM.yyyy"}
# CLDR sets a comma after the weekday only where a year follows; the council never does.
_FULL_DATE = {"en": "EEEE d MMMM y"}
_WORK_DATE_WITH_YEAR = {"en": "EEE d MMM y"}

# Alphabets whose order differs from the order of code points; letters that are not named follow their base letter.
_ALPHABETS = {
    "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "ky": "абвгдеёжзийклмнңоөпрстуүфхцчшщъыьэюя",
    "kk": "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя",
    "tg": "абвгғдеёжзиӣйкқлмнопрстуӯфхҳчҷшъэюя",
    "uk": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
    "be": "абвгдеёжзійклмнопрстуўфхцчшыьэюя",
    "fa": "اآبپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی",
    "az": "abcçdeəfgğhxıijkqlmnoöprsştuüvyz",
    "tk": "abçdeäfghijžklmnňoöprsştuüwyýz",
}


@cache
def _parsed(tag: str) -> Locale:
    return Locale.parse(tag, sep="-" if "-" in tag else "_")


def _locale(language: str) -> Locale:
    # The council writes English dates with the day first; CLDR's plain "en" is American.
    return _parsed("en-GB" if language == "en" else language)


def date_short(day: date, language: str) -> str:
    """The day in figures: 24.11.2026."""
    return format_date(day, _SHORT_DATE.get(language, "short"), locale=_locale(language))


def date_long(day: date, language: str) -> str:
    """The day with the name of its month: 24 November 2026."""
    return format_date(day, "long", locale=_locale(language))


def date_full(day: date, language: str) -> str:
    """The day with its weekday: Tuesday 24 November 2026."""
    return format_date(day, _FULL_DATE.get(language, "full"), locale=_locale(language))


def date_work(day: date, language: str, *, year: bool = False) -> str:
    """The day as work pages write it, Tue 24 Nov; with the year where the reader may be years away."""
    if year and language in _WORK_DATE_WITH_YEAR:
        return format_date(day, _WORK_DATE_WITH_YEAR[language], locale=_locale(language))
    return format_skeleton("yMMMEd" if year else "MMMEd", _noon(day), locale=_locale(language))


def time_of_day(instant: datetime, zone: ZoneInfo) -> str:
    """Hour and minute of an aware instant in `zone`: 08:00, in every language on 24 hours."""
    return f"{_in_zone(instant, zone):%H:%M}"


def moment(instant: datetime, zone: ZoneInfo, language: str, *, year: bool = False) -> str:
    """Day and time as work pages write them, Tue 24 Nov, 08:00, in `zone`."""
    local = _in_zone(instant, zone)
    separator = "، " if direction(language) == "rtl" else ", "
    return f"{date_work(local.date(), language, year=year)}{separator}{local:%H:%M}"


def moment_with_zone(instant: datetime, zone: ZoneInfo, language: str) -> str:
    """As `moment`, followed by the offset of the zone at that instant: Tue 24 Nov, 08:00 (UTC+4)."""
    return f"{moment(instant, zone, language)} ({offset(instant, zone)})"


def offset(instant: datetime, zone: ZoneInfo) -> str:
    """The distance of `zone` from universal time at `instant`: UTC+4, UTC+5:30, UTC."""
    ahead = _in_zone(instant, zone).utcoffset() or timedelta()
    if not ahead:
        return "UTC"
    hours, minutes = divmod(abs(ahead) // timedelta(minutes=1), 60)
    sign = "+" if ahead > timedelta() else "−"
    return f"UTC{sign}{hours}" + (f":{minutes:02d}" if minutes else "")


def machine(instant: datetime) -> str:
    """The value of an HTML `datetime` attribute. Raises TypeError for a naive time.

    Seconds are its smallest part: HTML does not admit microseconds.
    """
    _aware(instant)
    return instant.isoformat(timespec="seconds")


def number(value: int | Decimal, language: str) -> str:
    """`value` with the separators of the language and all the decimals it came with (41.2075, 3.10)."""
    exponent = value.as_tuple().exponent if isinstance(value, Decimal) else 0
    if not isinstance(exponent, int):
        raise ValueError(f"{value} is no number to print")
    pattern = "#,##0" + ("." + "0" * -exponent if exponent < 0 else "")
    return format_decimal(value, format=pattern, locale=_locale(language), numbering_system="latn")


def plural_form(count: int | Decimal, language: str) -> str:
    """The CLDR plural category of `count`: zero, one, two, few, many or other."""
    if language == "tg":
        # Babel's data know no plural of Tajik; newer CLDR has: one for 0 (any decimals) and 1.
        return "one" if count == 1 or int(count) == 0 else "other"
    return _locale(language).plural_form(count)


def plural(count: int | Decimal, language: str, forms: Mapping[str, str]) -> str:
    """The form for `count` with `{n}` replaced by the number; `other` serves where a form is missing.

    `forms` holds CLDR categories: {"one": "{n} vote", "other": "{n} votes"}.
    """
    form = forms.get(plural_form(count, language), forms["other"])
    return form.replace("{n}", number(count, language))


def direction(language: str) -> str:
    """`rtl` or `ltr`, the value of an HTML `dir` attribute."""
    return _locale(language).text_direction


def language_name(language: str, in_language: str | None = None) -> str:
    """The language's name, in itself or in another language, with a capital where the script has one."""
    name = _parsed(language).get_display_name(_locale(in_language or language))
    return name[:1].upper() + name[1:] if name else language


def sort_key(text: str, language: str) -> tuple[tuple[int, ...], str]:
    """A key that sorts `text` in the order of the language's alphabet, case and accents last."""
    places = _places(language)
    letters = unicodedata.normalize("NFC", text).lower()
    return tuple(place for letter in letters for place in _letter(letter, places)), unicodedata.normalize("NFC", text)


@cache
def _places(language: str) -> dict[str, int]:
    alphabet = _ALPHABETS.get(language, "")
    first = ord(min(alphabet, default="\0"))
    return {letter: first * 256 + place for place, letter in enumerate(alphabet)}


def _letter(letter: str, places: Mapping[str, int]) -> tuple[int, ...]:
    if letter in places:
        return (places[letter],)
    base = [sign for sign in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(sign)]
    return tuple(places.get(sign, ord(sign) * 256) for sign in base)


def _in_zone(instant: datetime, zone: ZoneInfo) -> datetime:
    _aware(instant)
    return instant.astimezone(zone)


def _aware(instant: datetime) -> None:
    if instant.tzinfo is None:
        raise TypeError("an instant needs a zone")


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo("UTC"))
