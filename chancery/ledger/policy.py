"""Policy files: which log, which witnesses, and how many of them must have cosigned (C2SP tlog-policy).

Names of witnesses and groups share one name space and are byte strings; here they are text.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from chancery.ledger import Malformed, Refused, Untrusted, checkpoint, note
from chancery.ledger.checkpoint import Checkpoint
from chancery.ledger.fields import Fields, check_hexes, check_values, written
from chancery.ledger.note import Kind, Verifier

NONE = "none"
_FORBIDDEN = re.compile(rb"[^\x09\x0a\x20-\x7e\x80-\xff]")
_COUNT = re.compile(r"[1-9]\d{0,5}", re.ASCII)


@dataclass(frozen=True)
class Party:
    """A log or a witness: its key, and the address it is asked at, if any."""

    name: str
    key: Verifier
    url: str | None = None


@dataclass(frozen=True)
class Group:
    """`k` of the members (witnesses or groups named before) must agree."""

    name: str
    k: int
    members: tuple[str, ...]


@dataclass(frozen=True)
class Accepted:
    """A head that the policy accepts: who cosigned it when, and since when the quorum holds (None: no quorum asked)."""

    head: Checkpoint
    log: Party
    cosigned: Mapping[str, int]
    quorum_time: int | None


@dataclass
class Policy:
    """Logs, witnesses, groups and the quorum: the name of a witness or group, or `none`."""

    logs: list[Party] = field(default_factory=list)
    witnesses: dict[str, Party] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    quorum: str = ""

    def is_satisfied(self, names: Collection[str], by: str | None = None) -> bool:
        """Whether the witnesses `names` satisfy the quorum (or the named witness or group)."""
        wanted = self.quorum if by is None else by
        if wanted == NONE or wanted in names:
            return True
        group = self.groups.get(wanted)
        return group is not None and sum(self.is_satisfied(names, member) for member in group.members) >= group.k

    def quorum_time(self, times: Mapping[str, int]) -> int | None:
        """The smallest t such that the cosignatures with time <= t satisfy the quorum; None when none do."""
        for limit in sorted(times.values()):
            if self.is_satisfied({name for name, time in times.items() if time <= limit}):
                return limit
        return None

    def intersects(self, names: Collection[str]) -> bool:
        """Whether every quorum contains one of `names`: without them there is none."""
        return self.quorum == NONE or not self.is_satisfied(set(self.witnesses) - set(names))

    def colluders(self) -> int:
        """How many witnesses must collude so that two histories can both reach the quorum (2k - n for one group).

        f(witness) = 1; f(group) = the sum of the max(0, 2k - n) smallest f of its members. Without a quorum: 0.
        """
        return 0 if self.quorum == NONE else self._colluders(self.quorum)

    def absent(self) -> int:
        """How many witnesses may be absent, whichever they are, while the quorum can still be reached."""
        return 0 if self.quorum == NONE else self._blockers(self.quorum) - 1

    def needed(self) -> int:
        """How many witnesses at least make a quorum (k for one group of k)."""
        return 0 if self.quorum == NONE else self._needed(self.quorum)

    def accept(self, data: bytes) -> Accepted:
        """The head in a signed note, by a listed log and with a quorum. Raises Untrusted, Malformed."""
        head, log, cosigned = self.examine(data)
        quorum_time = self.quorum_time(cosigned)
        if quorum_time is None and self.quorum != NONE:
            names = ", ".join(sorted(cosigned)) or "nobody"
            raise Untrusted(f"the head of {head.size} entries lacks its quorum: cosigned by {names}")
        return Accepted(head, log, cosigned, quorum_time)

    def examine(self, data: bytes) -> tuple[Checkpoint, Party, dict[str, int]]:
        """The head, its log and the times of the cosignatures so far, with or without a quorum."""
        keys = {(party.key.name, party.key.key_id): party for party in self.logs}
        witnesses = {(party.key.name, party.key.key_id): party for party in self.witnesses.values()}
        opened, signatures = note.open(data, [party.key for party in (*keys.values(), *witnesses.values())])
        head = checkpoint.parse(opened.text)
        logs = [keys[found.key.name, found.key.key_id] for found in signatures if found.time is None]
        log = next((party for party in logs if party.key.name == head.origin), None)
        if log is None:
            raise Untrusted(f"the head is not signed by {head.origin} with a key of the policy")
        checkpoint.parse_own(opened.text, head.origin)
        times = [(witnesses[each.key.name, each.key.key_id].name, each.time) for each in signatures if each.time]
        return head, log, {name: time for name, time in times if time is not None}

    def text(self) -> bytes:
        """The policy file in its one spelling, without comments."""
        logs = [("log", party.key.vkey, party.url) for party in self.logs]
        witnesses = [("witness", party.name, party.key.vkey, party.url) for party in self.witnesses.values()]
        groups = [("group", group.name, str(group.k), *group.members) for group in self.groups.values()]
        lines: list[tuple[str | None, ...]] = [*logs, *witnesses, *groups, ("quorum", self.quorum)]
        return "".join(" ".join(field for field in line if field) + "\n" for line in lines).encode()

    def _colluders(self, name: str) -> int:
        if name in self.witnesses:
            return 1
        group = self.groups[name]
        each = sorted(self._colluders(member) for member in group.members)
        return sum(each[: max(0, 2 * group.k - len(each))])

    def _needed(self, name: str) -> int:
        if name in self.witnesses:
            return 1
        group = self.groups[name]
        return sum(sorted(self._needed(member) for member in group.members)[: group.k])

    def _blockers(self, name: str) -> int:
        if name in self.witnesses:
            return 1
        group = self.groups[name]
        each = sorted(self._blockers(member) for member in group.members)
        return sum(each[: len(each) - group.k + 1])


@dataclass(frozen=True)
class PolicyText:
    """A policy as it is entered (`chancery/policy/v1`): the policy file, and the keys of the members who sign it."""

    HEADER: ClassVar[str] = "chancery/policy/v1"
    council: str
    number: str
    prev_sha256: str
    receipt: str
    members: tuple[tuple[str, str], ...]
    roots: tuple[tuple[str, str], ...]
    file: str

    def __post_init__(self) -> None:
        check_values(self.council)
        if checkpoint.number(self.number) == 0:
            raise Malformed("policies are numbered from 1")
        if (self.number == "1") is not (self.prev_sha256 == "-"):
            raise Malformed("the first policy, and only it, has no policy before it")
        check_hexes(*(() if self.prev_sha256 == "-" else (self.prev_sha256,)), *(digest for _, digest in self.roots))
        self._check_keys()

    def text(self) -> str:
        """The lines that the members sign."""
        return (
            written(
                self.HEADER,
                f"council {self.council}",
                f"number {self.number}",
                f"prev-sha256 {self.prev_sha256}",
                f"receipt {self.receipt}",
                *(f"member {name} {vkey}" for name, vkey in self.members),
                *(f"root {name} {digest}" for name, digest in self.roots),
                "",
            )
            + self.file
        )

    @classmethod
    def read(cls, fields: Fields) -> PolicyText:
        """The policy of these lines."""
        council, number, prev = fields.one("council"), fields.one("number"), fields.one("prev-sha256")
        receipt, members, roots = fields.one("receipt"), _pairs(fields.many("member")), _pairs(fields.many("root"))
        rest = fields.rest()
        if not rest.startswith("\n"):
            raise Malformed("an empty line stands before the policy file")
        return cls(council, number, prev, receipt, members, roots, rest[1:])

    @property
    def policy(self) -> Policy:
        """The policy file, read."""
        return parse(self.file.encode())

    def _check_keys(self) -> None:
        if Verifier.parse(self.receipt).kind is not Kind.RECEIPT:
            raise Malformed("the receipt key of a policy is not a receipt key")
        names = [name for name, _ in self.members]
        if len(set(names)) != len(names):
            raise Malformed("a policy names a member twice")
        publics = [Verifier.parse(key).public for key in (self.receipt, *(vkey for _, vkey in self.members))]
        parties = self.policy
        publics += [party.key.public for party in (*parties.logs, *parties.witnesses.values())]
        if len(set(publics)) != len(publics):
            raise Untrusted("a policy names one key in two roles")
        if not set(parties.witnesses) <= set(names):
            raise Malformed("a witness of the policy is no member of it")


def parse(data: bytes) -> Policy:
    """The policy written in `data`. Raises Malformed with the number of the line that is wrong."""
    if _FORBIDDEN.search(data):
        raise Malformed("a policy file holds a control character")
    policy = Policy()
    for number, fields in _lines(data):
        try:
            _READERS.get(fields[0], _unknown)(policy, fields)
        except Refused as error:
            raise type(error)(f"policy line {number}: {error}") from error
    if not policy.quorum:
        raise Malformed("a policy has exactly one quorum line")
    return policy


def default_k(n: int) -> int:
    """The smallest quorum of n equal witnesses that the house proposes: ceil(3n/4)."""
    return -(-3 * n // 4)


def tolerance(policy: Policy) -> str:
    """One sentence: how many dishonest witnesses and how many absent ones the quorum bears."""
    if policy.quorum == NONE:
        return "No witness is asked: the register proves nothing against the one who keeps it."
    dishonest = max(0, policy.colluders() - 1)
    absent = f"with {_witnesses(policy.absent(), 'absent')}" if policy.absent() else "only when none is absent"
    return f"Safe against {_witnesses(dishonest, 'dishonest')}, works {absent}."


def warning(policy: Policy) -> str:
    """One sentence when a group asks for fewer members than the house proposes; empty when none does."""
    weak = [group for group in policy.groups.values() if group.k < default_k(len(group.members))]
    if not weak:
        return ""
    group = weak[0]
    n, k = len(group.members), default_k(len(group.members))
    return f"Warning: {group.name} asks for {group.k} of {n} where {k} are proposed. {tolerance(policy)}"


def _witnesses(count: int, how: str) -> str:
    return f"{count or 'no'} {how} witness{'' if count == 1 else 'es'}"


def _lines(data: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise Malformed("a policy file is not valid UTF-8") from error
    for number, line in enumerate(text.split("\n"), start=1):
        fields = [each for each in re.split(r"[ \t]+", line) if each]
        if fields and not fields[0].startswith("#"):
            yield number, fields


def _read_log(policy: Policy, fields: Sequence[str]) -> None:
    key = _key(fields, at=1, kind=Kind.PLAIN)
    _check_new_key(policy, key)
    policy.logs.append(Party(key.name, key, _url(fields, 2)))


def _read_witness(policy: Policy, fields: Sequence[str]) -> None:
    key = _key(fields, at=2, kind=Kind.COSIGNATURE)
    _check_new_name(policy, fields[1])
    _check_new_key(policy, key)
    policy.witnesses[fields[1]] = Party(fields[1], key, _url(fields, 3))


def _read_group(policy: Policy, fields: Sequence[str]) -> None:
    if len(fields) < 4:
        raise Malformed("a group has a name, a number and members")
    _, name, k, *members = fields
    _check_new_name(policy, name)
    used = [member for group in policy.groups.values() for member in group.members]
    if len({*used, *members}) != len(used) + len(members):
        raise Malformed("a name is a member of groups at most once")
    if unknown := [each for each in members if each not in policy.witnesses and each not in policy.groups]:
        raise Malformed(f"{unknown[0]!r} is not defined before it is used")
    policy.groups[name] = Group(name, _count(k, len(members)), tuple(members))


def _read_quorum(policy: Policy, fields: Sequence[str]) -> None:
    if policy.quorum or len(fields) != 2:
        raise Malformed("a policy has exactly one quorum line, with one name")
    if fields[1] not in {NONE, *policy.witnesses, *policy.groups}:
        raise Malformed(f"{fields[1]!r} is not defined before it is used")
    policy.quorum = fields[1]


def _unknown(policy: Policy, fields: Sequence[str]) -> None:
    raise Malformed(f"{fields[0][:40]!r} begins no line of a policy")


_READERS = {"log": _read_log, "witness": _read_witness, "group": _read_group, "quorum": _read_quorum}


def _key(fields: Sequence[str], at: int, kind: Kind) -> Verifier:
    if len(fields) not in (at + 1, at + 2):
        raise Malformed(f"a {fields[0]} line has a key and at most an address after it")
    key = Verifier.parse(fields[at])
    if key.kind is not kind:
        raise Malformed(f"the key of a {fields[0]} has the wrong type")
    return key


def _url(fields: Sequence[str], at: int) -> str | None:
    return fields[at] if len(fields) > at else None


def _check_new_key(policy: Policy, key: Verifier) -> None:
    """No key stands twice in a policy, neither under another name nor in another role."""
    if key.public in {party.key.public for party in (*policy.logs, *policy.witnesses.values())}:
        raise Malformed("a key is named twice")


def _check_new_name(policy: Policy, name: str) -> None:
    if name == NONE or name in policy.witnesses or name in policy.groups:
        raise Malformed(f"the name {name!r} is taken")


def _count(k: str, n: int) -> int:
    if k in ("all", "any"):
        return n if k == "all" else 1
    if not _COUNT.fullmatch(k) or int(k) > n:
        raise Malformed(f"{k!r} is no number of members between 1 and {n}")
    return int(k)


def _pairs(values: Sequence[str]) -> tuple[tuple[str, str], ...]:
    split = [tuple(value.split(" ")) for value in values]
    if any(len(each) != 2 for each in split):
        raise Malformed("a line of a policy has a name and a key or digest")
    return tuple((each[0], each[1]) for each in split)
