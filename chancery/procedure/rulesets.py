"""Rule sets: rules of procedure as versioned data with sources, and the presets shipped beside them.

A rule set states some parameters; those it leaves out have the defaults of `parameters`. Its digest is
the SHA-256 of the canonical JSON of what it states, so that an outcome names exactly the rules used.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, Literal

from chancery import canon
from chancery.procedure.parameters.convening import (
    Agenda,
    Chair,
    Contradictions,
    Credentials,
    Members,
    Papers,
    Sessions,
)
from chancery.procedure.parameters.deciding import (
    Debate,
    Elections,
    Majority,
    Methods,
    Proposals,
    Quorum,
    SilenceRules,
    Statements,
    Test,
)
from chancery.procedure.parameters.keeping import Bodies, Data, Followup, Instruments, Records
from chancery.procedure.reading import BAD, DocumentFault, Reading, reader
from chancery.procedure.shapes import Shape, stated

PRESETS = Path(__file__).parent / "presets"
Status = Literal["verified", "unverified", "design"]
SIMPLE = Majority(tests=(Test(threshold=Fraction(1, 2), strict=True),))
"""What `procedural` means where a rule set does not state it: more than half of those present and voting."""


class Source(Shape):
    """Where a value comes from: the document and rule, the rule in short, and how sure one may be."""

    source: str
    verified: bool = stated(False, "compared with the text of the document")
    design: bool = stated(False, "a choice made for this product, not taken from the document")
    text: str = stated("", "the rule in short; of another body in our words")

    def contradictions(self) -> Contradictions:
        """A value cannot be both read in a document and chosen here."""
        if self.verified and self.design:
            yield ("design",), "a verified value is no design"

    @property
    def status(self) -> Status:
        """`verified`, `unverified` or `design`."""
        return "verified" if self.verified else "design" if self.design else "unverified"

    @property
    def rule(self) -> str:
        """The rule without its document: "Rule 25" of "CNR/RP/4, Rule 25"."""
        return self.source.rpartition(", ")[2]


class RuleSetFaults(ValueError):
    """A rule set cannot be read. `faults` holds every fault with `path` and `reason`."""

    def __init__(self, faults: list[DocumentFault]) -> None:
        super().__init__("; ".join(f"{fault.dotted}: {fault.reason}" for fault in faults))
        self.faults = faults


class RuleSet(Shape):
    """Rules of procedure in force from a date on: typed groups, sources, and the canonical form."""

    name: str | None = stated(None, "name of the rule set; with the version it names a preset")
    version: int | None = stated(None, "number of this version")
    title: str = stated("", "title for people")
    adopted_as: str | None = stated(None, "symbol of the document that holds the rules")
    valid_from: date | None = stated(None, "first day in force")
    valid_to: date | None = stated(None, "last day in force")
    members: Members = stated(Members(), "group 1")
    chair: Chair = stated(Chair(), "group 2")
    sessions: Sessions = stated(Sessions(), "group 3")
    agenda: Agenda = stated(Agenda(), "group 4")
    papers: Papers = stated(Papers(), "group 5")
    credentials: Credentials = stated(Credentials(), "group 6")
    quorum: Quorum = stated(Quorum(), "group 7")
    debate: Debate = stated(Debate(), "group 8")
    proposals: Proposals = stated(Proposals(), "group 9")
    majority: Mapping[str, Majority] = stated({}, "group 10: majorities by name")
    methods: Methods = stated(Methods(), "group 11")
    silence: SilenceRules | None = stated(None, "group 12; left out: no silence procedure")
    statements: Statements = stated(Statements(), "group 13")
    records: Records = stated(Records(), "group 14")
    instruments: Instruments = stated(Instruments(), "group 15")
    followup: Followup = stated(Followup(), "group 16")
    bodies: Bodies = stated(Bodies(), "group 17")
    elections: Elections = stated(Elections(), "group 18")
    data: Data = stated(Data(), "group 19")
    sources: Mapping[str, Source] = stated({}, "sources by parameter, or by group for all of it")

    @classmethod
    def from_toml(cls, data: bytes) -> RuleSet:
        """The rule set written in a TOML file. Raises RuleSetFaults with every fault."""
        import tomllib

        try:
            document = tomllib.loads(data.decode())
        except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
            raise RuleSetFaults([DocumentFault((), f"is no TOML: {error}")]) from error
        return cls.from_document(document)

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> RuleSet:
        """The rule set written as a mapping. Raises RuleSetFaults with every fault."""
        reading = Reading()
        found = reader(cls)(document, (), reading)  # type: ignore[arg-type]  # a class can be hashed, whatever its instances
        if reading.faults or found is BAD:
            raise RuleSetFaults(reading.faults)
        canonical = canon.as_json(document)
        found.__dict__["_document"] = canonical
        found.__dict__["_sha256"] = canon.sha256(canon.canonical_json(canonical))
        return found  # type: ignore[no-any-return]

    @property
    def document(self) -> Mapping[str, Any]:
        """The canonical form of what the set states: what is hashed, stored and shown."""
        return self.__dict__["_document"]  # type: ignore[no-any-return]

    @property
    def sha256(self) -> str:
        """The digest of the canonical form, which every outcome names."""
        return self.__dict__["_sha256"]  # type: ignore[no-any-return]

    def contradictions(self) -> Contradictions:
        """What the groups say against one another."""
        yield from _unknown_majorities(self)
        yield from _unknown_members(self)
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            yield ("valid_to",), "lies before valid_from"
        for name in self.sources:
            if name.partition(".")[0] not in self.fields:
                yield ("sources", name), "names no group of parameters"

    def is_in_force(self, on: date) -> bool:
        """Whether the set is in force on a day; open ends last."""
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)

    def source_of(self, parameter: str) -> Source | None:
        """The source of a parameter ("majority.substantive"), else that of the nearest group above it."""
        while parameter:
            if parameter in self.sources:
                return self.sources[parameter]
            parameter = parameter.rpartition(".")[0]
        return None

    def majority_named(self, name: str) -> Majority | None:
        """A named majority; `procedural`, `appeal` and `reconsideration` exist in every set that allows them."""
        if name in self.majority:
            return self.majority[name]
        if name == "procedural":
            return SIMPLE
        if name == "appeal":
            return _short_form(self.debate.appeal.majority, self.debate.appeal.base)
        if name == "reconsideration" and (rule := self.proposals.reconsideration):
            return _short_form(rule.majority, rule.base)
        return None

    @property
    def is_verified(self) -> bool:
        """Whether every stated value was compared with its source; if not, the set wears a badge."""
        return not any(status == "unverified" for _, status in self.statuses())

    def statuses(self) -> Iterator[tuple[str, str]]:
        """Each stated parameter with the status of its source; "unverified" where none is given."""
        for group, parameters in self.document.items():
            if group in _META or not isinstance(parameters, Mapping):
                continue
            for name in parameters:
                source = self.source_of(f"{group}.{name}")
                yield f"{group}.{name}", source.status if source else "unverified"


_META = frozenset({"name", "version", "title", "adopted_as", "valid_from", "valid_to", "sources"})


def _short_form(threshold: Fraction, base: Any) -> Majority:
    return Majority(tests=(Test(threshold=threshold, base=base, strict=threshold == Fraction(1, 2)),))


def _unknown_majorities(rules: RuleSet) -> Contradictions:
    named: list[tuple[tuple[str | int, ...], str | None]] = [
        (("agenda", "adoption_majority"), rules.agenda.adoption_majority),
        (("papers", "wait_waiver_majority"), rules.papers.wait_waiver_majority),
        (("credentials", "report_majority"), rules.credentials.report_majority),
        (("bodies", "renewal_majority"), rules.bodies.renewal_majority),
    ]
    if late := rules.agenda.late_item:
        named.append((("agenda", "late_item", "majority"), late.majority))
        named.append((("agenda", "late_item", "waiver_majority"), late.waiver_majority))
    named += [(("debate", "motions", n, "majority"), motion.majority) for n, motion in enumerate(rules.debate.motions)]
    named += [(("elections", "rounds", n, "majority"), turn.majority) for n, turn in enumerate(rules.elections.rounds)]
    for place, name in named:
        if name is not None and rules.majority_named(name) is None:
            yield place, f"{name!r} names no majority; known: {', '.join(sorted(rules.majority)) or 'none'}"


def _unknown_members(rules: RuleSet) -> Contradictions:
    known = {member.code for member in rules.members.member_list}
    for index, code in enumerate(rules.chair.rotation_order if known else ()):
        if code not in known:
            yield ("chair", "rotation_order", index), f"{code!r} is no member of member_list"


def presets() -> list[str]:
    """The names of the rule sets shipped, as `name/version`."""
    return sorted("/".join(path.stem.rsplit("-", 1)) for path in PRESETS.glob("*.toml"))


@cache
def preset(name: str) -> RuleSet:
    """A shipped rule set by `name/version`. Raises KeyError with the known names."""
    if name not in presets():
        raise KeyError(f"no preset {name!r}; known: {', '.join(presets())}")
    return RuleSet.from_toml((PRESETS / f"{name.replace('/', '-')}.toml").read_bytes())
