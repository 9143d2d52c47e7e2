"""States of provisions, positions, proposals, versions in other languages, and the pen.

Pure: every instant is an argument. States only show how far a text is; the freeze alone binds.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from chancery.canon import sha256

ProvisionState = Literal["open", "under_discussion", "agreed_ad_ref", "agreed", "deleted"]
ProposalState = Literal[
    "proposed", "published", "merged", "collides", "waits_for_sponsor", "withdrawn", "replaced", "kept", "fell"
]
PositionWord = Literal["support", "can_accept", "reserve", "study", "oppose", "none"]
LanguageState = Literal["current", "stale", "missing"]

IDLE_PEN = timedelta(minutes=2)
POSITIONS: tuple[PositionWord, ...] = ("support", "can_accept", "reserve", "study", "oppose", "none")
_PROPOSAL_ARROWS: dict[str, tuple[ProposalState, ...]] = {
    "proposed": ("published", "withdrawn"),
    "published": ("merged", "collides", "waits_for_sponsor", "withdrawn", "replaced"),
    "waits_for_sponsor": ("published", "withdrawn", "replaced"),
    "collides": ("merged", "withdrawn", "replaced", "fell"),
    "merged": ("kept", "fell", "withdrawn"),
}


class NotPossible(ValueError):
    """The state does not allow this; the message says why."""


@dataclass(frozen=True)
class Provision:
    """How far one provision is. `pending` are the delegations whose confirmation is outstanding."""

    state: ProvisionState = "open"
    pending: frozenset[str] = frozenset()

    def discuss(self) -> Provision:
        """Discussion of an open provision begins."""
        return self._from(("open",), "under_discussion")

    def agree(self, hindrances: Collection[str] = (), pending: Collection[str] = ()) -> Provision:
        """Agreed, or agreed ad referendum while delegations must confirm.

        `hindrances` name the brackets, pending proposals and collisions on it; with any it is refused.
        """
        if hindrances:
            raise NotPossible(f"the provision is not agreed while it has {', '.join(sorted(hindrances))}")
        state: ProvisionState = "agreed_ad_ref" if pending else "agreed"
        return replace(self._from(("open", "under_discussion"), state), pending=frozenset(pending))

    def confirm(self, delegation: str) -> Provision:
        """One delegation confirms; the last one makes the provision agreed."""
        if delegation not in self.pending:
            raise NotPossible(f"no confirmation of {delegation} is outstanding")
        rest = self.pending - {delegation}
        return Provision("agreed_ad_ref" if rest else "agreed", rest)

    def refuse(self, delegation: str) -> Provision:
        """One delegation does not confirm: the provision is under discussion again."""
        if delegation not in self.pending:
            raise NotPossible(f"no confirmation of {delegation} is outstanding")
        return Provision("under_discussion")

    def reopen(self, reason: str) -> Provision:
        """Reopened by an act with a reason."""
        if not reason.strip():
            raise NotPossible("reopening needs a reason")
        return Provision(self._from(("agreed_ad_ref", "agreed"), "under_discussion").state)

    def edited(self) -> Provision:
        """After any edit of its text: what was agreed is open for discussion again."""
        return Provision("under_discussion") if self.state in ("agreed_ad_ref", "agreed") else self

    def delete(self) -> Provision:
        """The provision is deleted."""
        return Provision(self._from(("open", "under_discussion"), "deleted").state)

    def restore(self) -> Provision:
        """A deleted provision comes back, open."""
        return Provision(self._from(("deleted",), "open").state)

    def _from(self, before: Sequence[ProvisionState], after: ProvisionState) -> Provision:
        if self.state not in before:
            raise NotPossible(f"a provision that is {self.state} does not become {after}")
        return Provision(after, self.pending)


@dataclass(frozen=True)
class Position:
    """What a delegation says of a provision; it belongs to the body it was given on. Never a vote."""

    delegation: str
    word: PositionWord
    body_sha256: str
    version: str

    def counts_for(self, body: str) -> bool:
        """Whether it was given on this very text."""
        return self.body_sha256 == sha256(body.encode())

    def reads(self, body: str) -> str:
        """How it is shown beside a provision."""
        return self.word if self.counts_for(body) else f"{self.word} (given on {self.version})"


def step(before: ProposalState, after: ProposalState) -> ProposalState:
    """The next state of a proposal. Raises NotPossible for an arrow that is not there."""
    if after not in _PROPOSAL_ARROWS.get(before, ()):
        raise NotPossible(f"a proposal that is {before} does not become {after}")
    return after


def may_see(state: ProposalState, by: str, delegation: str) -> bool:
    """Until it is published, a proposal exists for its delegation alone."""
    return state != "proposed" or by == delegation


def language_states(pivot: Mapping[str, str], other: Mapping[str, str]) -> dict[str, LanguageState]:
    """Per unit id: whether the translation rests on the present text.

    `pivot` gives the digest of each body, `other` the digest of the body from which it was translated.
    """
    found: dict[str, LanguageState] = {}
    for name, digest in pivot.items():
        found[name] = "missing" if name not in other else "current" if other[name] == digest else "stale"
    return found


def freeze_hindrances(
    errors: Mapping[str, bool],
    waiting: Collection[str],
    *,
    final: bool,
    open_: Collection[str] = (),
    languages: Mapping[str, Mapping[str, LanguageState]] | None = None,
) -> list[str]:
    """Why a version may not be frozen; nothing where it may.

    `errors` says of each lint error whether it was accepted by name, `waiting` names unanswered proposals,
    `open_` what keeps the text from being clean or a provision from being agreed; a final freeze needs both
    settled and every language current.
    """
    found = [f"finding {name} is not accepted" for name, accepted in sorted(errors.items()) if not accepted]
    found += [f"proposal {name} waits for its sponsor" for name in sorted(waiting)]
    if final:
        found += sorted(open_)
        for language, units in sorted((languages or {}).items()):
            found += [f"{language}: unit {name} is {state}" for name, state in units.items() if state != "current"]
    return found


@dataclass(frozen=True)
class Pen:
    """The right to write in one draft: one holder, who loses it after two idle minutes."""

    holder: str
    last_stroke: datetime

    def is_held(self, at: datetime) -> bool:
        """Whether the holder still has it at an instant."""
        return at - self.last_stroke < IDLE_PEN

    def take(self, who: str, at: datetime) -> Pen:
        """Somebody takes the pen; refused while another holds it."""
        if self.holder != who and self.is_held(at):
            raise NotPossible(f"{self.holder} has the pen")
        return Pen(who, at)

    def hand_over(self, who: str, at: datetime) -> Pen:
        """The holder passes it on."""
        if not self.is_held(at):
            raise NotPossible("the pen has lapsed")
        return Pen(who, at)

    def stroke(self, who: str, at: datetime, *, body: str, before_sha256: str) -> Pen:
        """One stroke of the holder on a body he has seen. Raises NotPossible; nothing is merged by guess."""
        if self.holder != who or not self.is_held(at):
            raise NotPossible(f"{who} does not have the pen")
        if sha256(body.encode()) != before_sha256:
            raise NotPossible("the provision has changed since it was read")
        return Pen(who, at)
