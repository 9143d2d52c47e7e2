"""Asking the witnesses: at the start whether they have seen more than we have, and for each head their cosignature.

A witness that sleeps stops nothing once signing has begun; it is asked again, ever more rarely.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from chancery.ledger import Refused, checkpoint, client, note, policy
from chancery.ledger.checkpoint import Checkpoint
from chancery.ledger.client import Ask, Heard, Standing, Submission
from chancery.ledger.note import Verifier
from chancery.ledger.policy import Party, Policy
from chancery.ledger.web import Answer
from chancery.register.headlock import Head, HeadLock

MAX_RETURN = 65_536
LONGEST_PAUSE = 300
TOGETHER = 8


@dataclass(frozen=True)
class Collected:
    """How far the cosignatures of the newest head are, for pages.

    `cosigned` maps witnesses to the time (POSIX seconds) of their line, of which `needed` make a quorum; `known` maps
    them to the last size they are known to have seen. `quorum_time` is when the quorum held, None while it does not
    (or when none is asked). Entries below `witnessed` stand under a published head with its quorum.
    """

    head: Checkpoint
    witnessed: int
    cosigned: dict[str, int]
    needed: int
    known: dict[str, int]
    quorum_time: int | None
    tolerance: str


@dataclass
class Witnesses:
    """The witnesses of the policy, what they said since this process started, and when each may be asked again."""

    rules: Policy
    lock: HeadLock
    log: Verifier
    ask: Ask
    started: int
    heard: dict[str, Heard] = field(default_factory=dict)
    has_begun: bool = False
    _failures: dict[str, int] = field(default_factory=dict)
    _not_before: dict[str, int] = field(default_factory=dict)

    def ask_for(self, head: Head, prove: Callable[[int], list[bytes]], now: int) -> list[Heard]:
        """Ask every witness that is due and has not cosigned `head`; store what was verified."""
        submission = Submission(head.note, head.size, prove)
        due = self._due(head, now)
        known = self.lock.witness_sizes()
        with ThreadPoolExecutor(max_workers=TOGETHER) as pool:
            asked = [
                pool.submit(client.ask_cosignature, party, submission, known.get(party.name, 0), now, self.ask)
                for party in due
            ]
            heard = [each.result() for each in asked]
        for each in heard:
            self._keep(head, each, now)
        return heard

    def check_may_sign(self, head: Head) -> None:
        """Raise Refused while the witnesses have not shown that no larger head of ours exists.

        Once they have, one that falls asleep stops nothing; one that contradicts us always does.
        """
        for each in self.heard.values():
            if each.standing is Standing.AHEAD:
                raise Refused(f"{each.witness}, a witness, has seen size {each.size}, we have {head.size}: not signing")
            if each.standing.is_fatal:
                raise Refused(f"{each.witness}, a witness, {each.standing.value}: not signing. {each.detail}".rstrip())
        if self.has_begun:
            return
        answered = {name for name, each in self.heard.items() if each.standing.has_answered} | self._returned(head)
        if not self.rules.intersects(answered):
            names = ", ".join(sorted(answered)) or "none"
            raise Refused(f"not enough witnesses have answered since the start ({names}): the register only reads")
        self.has_begun = True

    def collected(self, head: Head, witnessed: int) -> Collected:
        """How far the cosignatures of `head` are; `witnessed` is the size of the published head."""
        rules, cosigned = self.rules, self.cosigned(head)
        time = None if rules.quorum == policy.NONE else rules.quorum_time(cosigned)
        known = self.lock.witness_sizes()
        return Collected(head.checkpoint, witnessed, cosigned, rules.needed(), known, time, policy.tolerance(rules))

    def cosigned(self, head: Head) -> dict[str, int]:
        """The witnesses that have cosigned `head`, and when."""
        return self.rules.examine(self.cosigned_note(head))[2]

    def cosigned_note(self, head: Head) -> bytes:
        """The signed note of `head` with the cosignatures collected so far."""
        return head.note + "".join(self.lock.cosignatures(head.size, head.root)).encode()

    def has_quorum(self, head: Head) -> bool:
        """Whether the cosignatures collected so far satisfy the policy."""
        return self.rules.is_satisfied(self.cosigned(head))

    def take(self, body: bytes, now: int) -> Answer:
        """Answer a cosignature that a mirror returns (`POST …/cosignature`), in the order of the format."""
        if len(body) > MAX_RETURN:
            return _sentence(400, f"a returned cosignature has at most {MAX_RETURN} bytes")
        try:
            returned = note.parse(body)
            head = checkpoint.parse_own(returned.text, self.log.name)
            note.open(body, [self.log])
        except Refused as error:
            return _sentence(400, error)
        if self.lock.signed(head.size, head.root) is None:
            return _sentence(409, "this is no head that the register signed")
        try:
            lines = self._good_lines(returned, now)
        except Refused as error:
            return _sentence(422, error)
        if not lines:
            return _sentence(422, "it carries no cosignature by a witness of the policy with a time that can be")
        self.lock.keep_cosignatures(head.size, head.root, list(lines.values()))
        return _sentence(200, f"kept: {', '.join(lines)}")

    def _good_lines(self, returned: note.Note, now: int) -> dict[str, str]:
        found = {
            party.name: client.verified_line(party, returned.text, returned.lines, now)
            for party in self.rules.witnesses.values()
        }
        return {name: line for name, line in found.items() if line is not None}

    def _due(self, head: Head, now: int) -> Sequence[Party]:
        cosigned = self.cosigned(head)
        return [
            party
            for name, party in self.rules.witnesses.items()
            if party.url and self._not_before.get(name, 0) <= now and not (name in cosigned and name in self.heard)
        ]

    def _keep(self, head: Head, heard: Heard, now: int) -> None:
        self.heard[heard.witness] = heard
        if heard.line is not None:
            self.lock.keep_cosignatures(head.size, head.root, [heard.line])
        if heard.size is not None and not heard.standing.is_fatal:
            self.lock.keep_witness_size(heard.witness, heard.size)
        self._failures[heard.witness] = 0 if heard.standing.has_answered else self._failures.get(heard.witness, 0) + 1
        failures = self._failures[heard.witness]
        self._not_before[heard.witness] = now + min(2**failures, LONGEST_PAUSE) if failures else 0

    def _returned(self, head: Head) -> set[str]:
        """Witnesses that pulled our head and cosigned it since this process started."""
        return {name for name, time in self.cosigned(head).items() if time >= self.started}


def _sentence(status: int, sentence: object) -> Answer:
    return Answer(status, f"{sentence}\n".encode(), "text/plain; charset=utf-8")
