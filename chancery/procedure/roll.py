"""The roll: who is present, entitled, accredited and represented, as of the event being read.

Presence is a list of intervals, and rights are read as of an instant; the roll walks the events once and
holds the state between two of them, so that every question is answered in the order things happened.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from chancery.procedure.parameters.deciding import Proxy
from chancery.procedure.questions import Electorate, Event, OutOfOrder, Span

OPTED_OUT = "opted_out"
"""The group of an electorate that takes no part in this question."""


def covers(intervals: Iterable[Span], at: datetime) -> bool:
    """Whether a half-open interval [from, to) holds the instant; an open end lasts."""
    return any(start <= at and (end is None or at < end) for start, end in intervals)


class Roll:
    """The state of the room, moved by events of presence, rights and proxies."""

    def __init__(self, electorate: Electorate, *, chair_votes: str = "yes", remote_vote: bool = True) -> None:
        self.electorate = electorate
        self.members = electorate.members
        self._chair_votes, self._remote_vote = chair_votes, remote_vote
        here = electorate.members if electorate.presence is None else electorate.presence
        self.channels: dict[str, str] = dict.fromkeys((m for m in electorate.members if m in here), "room")
        self.holders: dict[str, str] = {}
        self._changed: dict[tuple[str, str], bool] = {}

    def has(self, right: str, member: str, at: datetime) -> bool:
        """Whether a member holds `vote` or `accredited` at the instant."""
        if (right, member) in self._changed:
            return self._changed[right, member]
        table = self.electorate.rights if right == "vote" else self.electorate.accredited
        return member not in table or covers(table[member], at)

    def holding(self, right: str, at: datetime) -> frozenset[str]:
        """The members that hold a right at the instant."""
        return frozenset(member for member in self.members if self.has(right, member, at))

    def participating(self, at: datetime) -> frozenset[str]:
        """The entitled members less those that opted out of this question."""
        return self.holding("vote", at) - frozenset(self.electorate.groups.get(OPTED_OUT, ()))

    def is_represented(self, member: str) -> bool:
        """Whether a member is present or stands by proxy through a present member."""
        return member in self.channels or self.holders.get(member) in self.channels

    def enter(self, event: Event) -> None:
        """`presence.in`: the member is present by room or remote channel."""
        self.channels[_member_of(event)] = event.data.get("channel", "room")

    def leave(self, event: Event) -> None:
        """`presence.out`."""
        self.channels.pop(_member_of(event), None)

    def change_right(self, event: Event) -> None:
        """`rights.changed`: a right of a member begins or ends with this event."""
        right = "accredited" if event.data["right"] in ("accredited", "credentials") else event.data["right"]
        self._changed[right, _member_of(event)] = event.data["value"]

    def give_proxy(self, event: Event, rule: Proxy | None) -> None:
        """`proxy.given`, under the proxy rule of the majority. Raises OutOfOrder."""
        giver, holder = _member_of(event), event.data["holder"]
        if rule is None:
            raise OutOfOrder("majority.proxy", "This set of rules knows no vote by proxy.")
        if rule.written and not event.data.get("written", False):
            raise OutOfOrder("majority.proxy", "A proxy must be given in writing.", "Hand it to the chair in writing.")
        if rule.notice == "before_leaving" and giver not in self.channels:
            raise OutOfOrder("majority.proxy", f"{giver} gave notice after leaving; notice is due before leaving.")
        held = sum(1 for other, by in self.holders.items() if by == holder and other != giver)
        if held >= rule.max_per_holder:
            raise OutOfOrder(
                "majority.proxy", f"{holder} already holds {held}; one holder stands for {rule.max_per_holder}."
            )
        self.holders[giver] = holder

    def check_may_act(self, event: Event) -> str:
        """The member for whom the event acts. Raises OutOfOrder where the member or the person may not."""
        member = _member_of(event)
        self.check_standing(member, event.at)
        self._check_person(event, member)
        return member

    def check_standing(self, member: str, at: datetime) -> None:
        """Raises OutOfOrder unless the member has credentials and a vote on this question at the instant."""
        if not self.has("accredited", member, at):
            raise OutOfOrder("credentials", f"{member} has no accepted credentials at this instant.")
        if not self.has("vote", member, at):
            raise OutOfOrder("members.voting_rights_suspended", f"{member} has no right to vote at this instant.")
        if member in self.electorate.groups.get(OPTED_OUT, ()):
            raise OutOfOrder("quorum.base", f"{member} opted out of this question.")

    def check_may_vote(self, event: Event) -> str:
        """As `check_may_act`; moreover the member is present or represented, by a channel that may vote."""
        member = self.check_may_act(event)
        if not self.is_represented(member):
            raise OutOfOrder("presence", f"{member} is neither present nor represented.", "Record its presence first.")
        if self.channels.get(member) == "remote" and not self._remote_vote:
            raise OutOfOrder("methods.remote_vote", f"{member} is present by remote channel, which may not vote.")
        return member

    def _check_person(self, event: Event, member: str) -> None:
        if event.by == "chair":
            self._check_chair(member)
            return
        letter, holder = self.electorate.voters.get(member), self.holders.get(member)
        if letter is None or event.by in letter or self._changed.get((f"voter/{event.by}", member)):
            return
        other = self.electorate.voters.get(holder, frozenset({event.by})) if holder else frozenset()
        if event.by not in other:
            raise OutOfOrder(
                "roles",
                f"{event.by} is not on the letter of {holder or member} with the right to vote.",
                f"The head of delegation of {holder or member} may name a substitute in writing at once.",
            )

    def _check_chair(self, member: str) -> None:
        if member != self.electorate.chair:
            raise OutOfOrder("roles", f"The chair does not represent {member}.")
        if self._chair_votes != "yes":
            raise OutOfOrder(
                "chair.chair_votes",
                f"The chair does not vote for {member} (rule: {self._chair_votes}).",
                f"Another delegate of {member} may vote.",
            )


def _member_of(event: Event) -> str:
    if event.for_ is None:
        raise OutOfOrder("form", f"{event.kind} names no member.")
    return event.for_
