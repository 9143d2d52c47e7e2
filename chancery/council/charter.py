"""council.toml: the council as founded, read, checked and written again in one canonical form."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

import tomli_w
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    field_validator,
    model_validator,
)

from chancery import canon
from chancery.trail import files
from chancery.trail.arguments import inside, read_instant
from chancery.trail.errors import BadArguments, Fault

Code = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Z0-9.]{0,15}$")]
MemberCode = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{2,8}$")]
PersonId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(\.[a-z0-9]+)*$", max_length=60)]
Name = dict[str, Annotated[str, StringConstraints(min_length=1, max_length=200)]]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z]{2,8})?$")]
LAST_SEAT = 32_767
# What may be amended after the founding. Code and origin may not: symbols and the register rest on them.
AMENDABLE = ("name", "seat", "zone", "languages", "rates")


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class Languages(Part):
    official: list[Language]
    authentic: list[Language] = Field(min_length=1)
    working: list[Language]


class Rates(Part):
    bank: str
    show: list[str] = []


class CouncilPart(Part):
    code: Code
    name: Name
    seat: Name
    zone: str
    languages: Languages
    origin: Annotated[str, StringConstraints(pattern=r"^[^\s+]+$")]
    rates: Rates | None = None
    rules: str
    rehearsal: bool = False
    as_of: datetime | None = None

    @field_validator("zone")
    @classmethod
    def zone_is_known(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError(f"{value!r} is no time zone")
        return value


class Suspension(Part):
    from_on: date = Field(alias="from")
    to_on: date | None = Field(None, alias="to")
    reason: str


class MemberPart(Part):
    code: MemberCode
    name: Name
    joined: date
    left: date | None = None
    seat: int = Field(ge=1, le=LAST_SEAT)
    weights: dict[str, str] = {}
    rights: list[Suspension] = []

    @field_validator("weights")
    @classmethod
    def weights_are_fractions(cls, value: dict[str, str]) -> dict[str, str]:
        return {name: canon.fraction_text(canon.fraction(weight)) for name, weight in value.items()}


class BodyPart(Part):
    code: Code
    name: Name
    mandate: str
    chair: MemberCode
    established: date
    sunset: date | None = None
    parent: Code | None = None


class RolePart(Part):
    role: str
    body: Code | None = None
    from_on: date | None = Field(None, alias="from")
    to_on: date | None = Field(None, alias="to")


class PersonPart(Part):
    id: PersonId
    name: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    member: MemberCode | None = None
    office: str | None = None
    roles: list[RolePart] = []
    languages: list[Language] = []
    email: str | None = None
    key: str | None = None
    awaits_confirmation: Literal[True] | None = None

    @field_validator("roles", mode="before")
    @classmethod
    def bare_roles(cls, value: Any) -> Any:
        return [{"role": role} if isinstance(role, str) else role for role in value]


class ChairPart(Part):
    organ: str
    member: MemberCode
    person: PersonId | None = None
    from_on: date = Field(alias="from")


class SeriesPart(Part):
    code: Code
    pattern: str
    serves: Literal["paper", "circular", "decision", "release"] = Field(alias="for")
    taken: dict[str, Annotated[int, Field(ge=0, le=2_000_000_000)]] = {}

    @field_validator("pattern")
    @classmethod
    def pattern_follows_the_grammar(cls, value: str) -> str:
        from chancery.procedure.symbols import Template

        Template(value)
        return value


class Charter(Part):
    """The whole of council.toml."""

    council: CouncilPart
    members: list[MemberPart] = Field(min_length=1)
    bodies: list[BodyPart] = []
    people: list[PersonPart] = []
    chairs: list[ChairPart] = []
    series: list[SeriesPart] = []

    @model_validator(mode="after")
    def names_agree(self) -> Charter:
        if wrong := list(_disagreements(self)):
            raise ValueError("; ".join(wrong))
        return self


def _disagreements(charter: Charter) -> Any:
    members = [m.code for m in charter.members]
    bodies = [b.code for b in charter.bodies]
    people = [p.id for p in charter.people]
    shared = members + bodies
    yield from (f"the code {code!r} stands twice (members and bodies share one name space)" for code in _twice(shared))
    yield from (f"the person {key!r} stands twice" for key in _twice(people))
    yield from (f"seat {seat} is given twice" for seat in _twice([m.seat for m in charter.members]))
    yield from (f"the series {code!r} stands twice" for code in _twice([s.code for s in charter.series]))
    for body in charter.bodies:
        if body.chair not in members:
            yield f"body {body.code}: chair {body.chair!r} is no member"
    for person in charter.people:
        if person.member and person.member not in members:
            yield f"person {person.id}: {person.member!r} is no member"
        yield from (
            f"person {person.id}: {r.body!r} is no body" for r in person.roles if r.body and r.body not in bodies
        )
    for chair in charter.chairs:
        if chair.organ != "council" and chair.organ not in bodies:
            yield f"chair of {chair.organ!r}: no such organ"
        if chair.member not in members:
            yield f"chair of {chair.organ}: {chair.member!r} is no member"


def _twice(values: list[Any]) -> list[Any]:
    return sorted({value for value in values if values.count(value) > 1})


def read(data: bytes) -> Charter:
    """council.toml as a charter. Raises BadArguments; a key path stands for the line."""
    try:
        raw = tomllib.loads(data.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadArguments([Fault((), f"is no TOML: {error}")]) from None
    try:
        return Charter.model_validate(raw)
    except ValidationError as error:
        raise BadArguments([_fault(item) for item in error.errors(include_url=False)]) from None


def _fault(item: Any) -> Fault:
    place = tuple(item["loc"])
    says = (
        f"unknown key {place[-1]!r}" if item["type"] == "extra_forbidden" else item["msg"].removeprefix("Value error, ")
    )
    return Fault(place, says)


def founded_at(charter: Charter, first_act: datetime | None) -> datetime:
    """When the council stood like this: `as_of` in the seat's zone, else the instant of the first act."""
    if charter.council.as_of is not None:
        return read_instant(charter.council.as_of, ZoneInfo(charter.council.zone))
    if first_act is None:
        raise BadArguments(
            [Fault(("council", "as_of"), "is missing, and no act tells when the council stood like this")]
        )
    return first_act


def plain(charter: Charter, named: dict[str, files.File] | None = None) -> dict[str, Any]:
    """The charter as TOML values in canonical order; what is empty is left out.

    Files that `named` knows stand as `<sha256>/<name>`, so that two charters differ where their files do.
    """
    value = charter.model_dump(by_alias=True, exclude_none=True)
    replace_files(value, lambda path: held_name(named[path]) if named and path in named else path)
    for person in value["people"]:
        person["roles"] = [r["role"] if list(r) == ["role"] else r for r in person["roles"]]
    value["members"].sort(key=lambda part: part["seat"])
    for name, order in (("bodies", "code"), ("people", "id"), ("series", "code")):
        value[name].sort(key=lambda part, order=order: part[order])
    value["chairs"].sort(key=lambda part: (part["organ"], part["from"]))
    return {key: _trim(part) for key, part in value.items() if part}


def _trim(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _trim(item) for key, item in value.items() if item not in ({}, [])}
    if isinstance(value, list):
        return [_trim(item) for item in value]
    return value


def held_name(file: files.File) -> str:
    return f"{file.sha256}/{file.name}"


def replace_files(value: dict[str, Any], place: Callable[[str], str]) -> None:
    """Name every file of a plain charter anew."""
    value["council"]["rules"] = place(value["council"]["rules"])
    for body in value.get("bodies", ()):
        body["mandate"] = place(body["mandate"])
    for person in value.get("people", ()):
        if "key" in person:
            person["key"] = place(person["key"])


def write(value: dict[str, Any]) -> bytes:
    """Canonical TOML of what `plain` gave."""
    return tomli_w.dumps(value, multiline_strings=False).encode()


def amended(field: str, standing: dict[str, Any], value: dict[str, str]) -> dict[str, Any]:
    """What name, seat, languages or rates become by an amendment. Raises ValueError.

    A list of languages or currencies is written with blanks between its tags; what is not named stays.
    """
    if field in ("name", "seat"):
        texts: dict[str, Any] = _valid(Name, value)
        return texts
    lists = {"official", "authentic", "working", "show"}
    merged = standing | {key: text.split() if key in lists else text for key, text in value.items()}
    part: Languages | Rates = _valid(Languages if field == "languages" else Rates, merged)
    return part.model_dump()


def _valid(kind: Any, value: Any) -> Any:
    try:
        return TypeAdapter(kind).validate_python(value)
    except ValidationError as error:
        raise ValueError("; ".join(_fault(item).says for item in error.errors(include_url=False))) from None


def is_member_code(text: str) -> bool:
    return re.fullmatch(r"[A-Z0-9]{2,8}", text) is not None


def is_person_id(text: str) -> bool:
    return len(text) <= 60 and re.fullmatch(r"[a-z0-9]+(\.[a-z0-9]+)*", text) is not None


def is_language(text: str) -> bool:
    return re.fullmatch(r"[a-z]{2,3}(-[A-Za-z]{2,8})?", text) is not None


def is_code(text: str) -> bool:
    return re.fullmatch(r"[A-Z0-9][A-Z0-9.]{0,15}", text) is not None


def is_preset(rules: str) -> bool:
    """Whether `rules` names a preset ("un-assembly/1") and not a file."""
    return not rules.endswith(".toml")


def named_files(charter: Charter, folder: Path) -> tuple[dict[str, files.File], list[Fault]]:
    """The files that a charter names (mandates, keys, rules), stored; and what is wrong with them."""
    wanted: dict[tuple[str | int, ...], str] = {
        ("bodies", n, "mandate"): body.mandate for n, body in enumerate(charter.bodies)
    }
    wanted |= {("people", n, "key"): person.key for n, person in enumerate(charter.people) if person.key}
    if not is_preset(charter.council.rules):
        wanted["council", "rules"] = charter.council.rules
    taken, wrong = {}, []
    for place, name in wanted.items():
        try:
            path = inside(folder, name)
            taken[name] = files.put(path.read_bytes(), path.name)
        except ValueError as error:
            wrong.append(Fault(place, str(error)))
    return taken, wrong


def differences(folder: Any, standing: Any, place: str = "") -> list[str]:
    """The keys at which two plain charters differ, each in words."""
    if isinstance(folder, dict) and isinstance(standing, dict):
        keys = [*folder, *(key for key in standing if key not in folder)]
        return [d for key in keys for d in differences(folder.get(key), standing.get(key), f"{place}.{key}".strip("."))]
    if isinstance(folder, list) and isinstance(standing, list) and len(folder) == len(standing):
        return [
            d for n, pair in enumerate(zip(folder, standing, strict=True)) for d in differences(*pair, f"{place}[{n}]")
        ]
    if folder != standing:
        return [f"{place}: the folder says {_short(folder)}, the council stands at {_short(standing)}"]
    return []


def _short(value: Any) -> str:
    return "nothing" if value is None else str(value)[:60]
