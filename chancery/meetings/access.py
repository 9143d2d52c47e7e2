"""Who speaks for whom at a session, and who holds the chair."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from chancery.council import access as council
from chancery.council.models import Body, Person, local_day
from chancery.council.rules import rules_of
from chancery.procedure import credentials as rules
from chancery.procedure.rulesets import RuleSet
from chancery.trail.actor import Actor, Permit, both, in_state
from chancery.trail.errors import Refused
from chancery.trail.memory import once

from .models import CredentialObjection, Delegate, Delegation, Invitation, Session

# The capacities on a letter that carry the member's voice: to vote, object, declare.
VOTING = ("head", "alternate")
# What a delegation, and the secretariat, may do at a session; whoever else is there has what the invitation says.
DELEGATES = frozenset({"attend", "speak", "propose", "reply", "read_papers"})
STAFF = frozenset({"attend", "speak", "read_papers"})


def session_of(subject: Any, arguments: dict[str, Any]) -> str | None:
    """The key of the session that subject or arguments name, else of the one convened last."""
    for row in (subject, *arguments.values()):
        if key := getattr(row, "session_id", None):
            return str(key)
    last = Session.objects.exclude(convened_at=None).order_by("-convened_at").first()
    return last.key if last else None


def chair_at(subject: Any, arguments: dict[str, Any], at: datetime) -> str:
    """The person in the chair of the subject's organ: named in the term, else that member's head of delegation,
    else the one holder of the role."""
    found = chairs(getattr(subject, "organ", "council"), session_of(subject, arguments), at)
    if len(found) != 1:
        raise Refused("roles", f"{len(found)} people hold the chair at this instant; name the person")
    return f"person/{found[0]}"


def chairs(organ: str, session: str | None, at: datetime) -> list[str]:
    term = council.chairmanship(organ, at)
    if term and term.person_id:
        return [term.person_id]
    member = term.member_id if term else _body_chair(organ)
    if member and (heads := heads_of(member, session, at)):
        return heads
    return council.holders("chair", at, "" if organ == "council" else organ)


def _body_chair(organ: str) -> str | None:
    found: str | None = once(
        f"chair of {organ}", lambda: Body.objects.filter(pk=organ).values_list("chair_id", flat=True).first()
    )
    return found


def heads_of(member: str, session: str | None, at: datetime) -> list[str]:
    """The head of the member's delegation to the session, else those who hold the role of head for it."""
    if session and (listed := [d.person_id for d in delegates(session, member, at) if d.capacity == "head"]):
        return listed
    heads: list[tuple[str, str | None]] = once(f"heads {at}", lambda: _all_heads(at))
    return [person for person, own in heads if own == member]


def _all_heads(at: datetime) -> list[tuple[str, str | None]]:
    people = Person.objects.filter(released_at=None, pk__in=council.holders("head", at))
    return list(people.values_list("pk", "member_id"))


def delegates(session: str, member: str, at: datetime) -> list[Delegate]:
    """Those on the letter of a delegation at an instant."""
    listed = [d for d in _letters(session) if d.delegation.member_id == member]
    return [d for d in listed if d.from_at <= at and not _left(d, at) and not _released(d.person, at)]


def _letters(session: str) -> list[Delegate]:
    listed: list[Delegate] = once(
        f"letters {session}",
        lambda: list(Delegate.objects.filter(delegation__session=session).select_related("delegation", "person")),
    )
    return listed


def _released(person: Person, at: datetime) -> bool:
    return person.released_at is not None and person.released_at <= at


def _left(delegate: Delegate, at: datetime) -> bool:
    return delegate.to_at is not None and delegate.to_at <= at


def delegations(session: str) -> list[Delegation]:
    """All delegations of a session in seating order, with their credentials."""
    found: list[Delegation] = once(
        f"delegations {session}",
        lambda: list(
            Delegation.objects.filter(session=session)
            .select_related("member", "session")
            .prefetch_related("credentials")
        ),
    )
    return found


def standing_of(delegation: Delegation, at: datetime) -> str:
    """`missing`, `provisional`, `seated` or `unseated`: what the delegation may take part as at an instant."""
    if delegation.ruled_at and delegation.ruled_at <= at:
        return "seated" if delegation.ruling == "seat" else "unseated"
    received = [c for c in delegation.credentials.all() if c.received_at <= at]
    return "provisional" if received else "missing"


def may_take_part(delegation: Delegation, at: datetime, required: bool) -> bool:
    """Whether credentials, where the rules require them, let the delegation sit and vote at an instant."""
    standing = standing_of(delegation, at)
    return standing in ("seated", "provisional") or (standing == "missing" and not required)


def is_contested(delegation: Delegation, at: datetime) -> bool:
    """Whether a member objected to the credentials and nobody has ruled on them yet."""
    if delegation.ruled_at and delegation.ruled_at <= at:
        return False
    objections: list[tuple[str, datetime]] = once(
        f"objections {delegation.session_id}",
        lambda: list(
            CredentialObjection.objects.filter(delegation__session=delegation.session_id).values_list(
                "delegation_id", "objected_at"
            )
        ),
    )
    return any(contested == delegation.key and objected_at <= at for contested, objected_at in objections)


def may_vote(delegation: Delegation, at: datetime) -> bool:
    """Whether a contested delegation keeps its vote until the ruling, as the rules of the session say."""
    if not is_contested(delegation, at):
        return True
    return "vote" in rules.standing(rules_for(delegation.session_id).credentials, "objected").rights


def speaks_for(by: Actor, session: str, at: datetime, *, vote: bool) -> Permit:
    """Whether the actor is on the letter of the member it speaks for, and that member's credentials hold.

    With `vote`, only the head or an alternate. A member without delegation or credentials is refused by
    `credentials`, before any role is looked at.
    """
    member = by.for_.removeprefix("member/")
    delegation = next((d for d in delegations(session) if d.member_id == member), None)
    if delegation is None:
        return Permit(False, "credentials", f"{member or 'nobody'} has no delegation at session {session}")
    if not may_take_part(delegation, at, credentials_required(session)):
        standing = standing_of(delegation, at)
        return Permit(False, "credentials", f"the delegation of {member} is {standing}: no credentials let it vote")
    if not delegation.member.is_member(local_day(at, council.council().zone)):
        return Permit(False, "roles", f"{member} is no member of the council at this instant")
    if vote and not may_vote(delegation, at):
        return Permit(False, "credentials", f"the credentials of {member} are contested: no vote until the ruling")
    if council.is_secretary(by, at, session):
        return council.DONE
    on_letter = [d for d in delegates(session, member, at) if d.person_id == council.person_key(by)]
    if not on_letter:
        return Permit(
            False, "credentials", f"{council.person_key(by)} stands on no letter of the delegation of {member}"
        )
    if vote and on_letter[0].person.awaits_confirmation:
        because = (
            f"{on_letter[0].person.name} was brought in by a focal point; a head or the secretariat confirms first"
        )
        return Permit(False, "roles", because)
    capable = any(d.capacity in VOTING for d in on_letter) or not vote
    return council.permit(capable, "roles", "only the head of delegation or an alternate may do this")


def right_set_of(person: Person, session: str, at: datetime) -> frozenset[str]:
    """What a person may do at a session: as one of a delegation, as somebody invited who accepted, or as staff."""
    by = Actor(str(person.ref), for_=f"member/{person.member_id}")
    if _released(person, at):
        return frozenset()
    if council.is_secretary(by, at, session):
        return STAFF
    if person.member_id and speaks_for(by, session, at, vote=False):
        return DELEGATES | {"vote"} if speaks_for(by, session, at, vote=True) else DELEGATES
    invited = Invitation.objects.filter(session=session, state="accepted", replied_at__lte=at)
    named = [invitation.rights for invitation in invited if person.key in invitation.people]
    return frozenset(right for rights in named for right in rights)


def rules_for(session: str) -> RuleSet:
    """The rule set that a session pinned."""
    found: Session = once(f"session {session}", lambda: Session.objects.get(pk=session))
    return rules_of(str(found.ruleset_id))


def rules_of_session(session: Session) -> RuleSet:
    """The rule set of a session in hand; who asks by its number later needs no query."""
    sha256: str = once(f"rules {session.key}", lambda: session.ruleset_id)
    return rules_of(sha256)


def credentials_required(session: str) -> bool:
    return bool(rules_for(session).credentials.required)


def is_chair(subject: Any, by: Actor, at: datetime) -> bool:
    person = council.person_key(by)
    return bool(person) and person in chairs(getattr(subject, "organ", "council"), session_of(subject, {}), at)


def chair(subject: Any, by: Actor, at: datetime) -> Permit:
    """Only the chair of the subject's organ."""
    return council.permit(is_chair(subject, by, at), "roles", "only the chair may do this")


def may_open_meeting(subject: Any, by: Actor, at: datetime) -> Permit:
    """The chair; meetings of a session follow its opening."""
    rule = both(chair, in_state("open")) if isinstance(subject, Session) else chair
    return rule(subject, by, at)


def chair_or_secretary(subject: Any, by: Actor, at: datetime) -> Permit:
    session = getattr(subject, "session_id", None) or ""
    allowed = council.is_secretary(by, at, session) or is_chair(subject, by, at)
    return council.permit(allowed, "roles", "only the chair or the secretariat may do this")


def may_notify(subject: Any, by: Actor, at: datetime) -> Permit:
    """A member's focal point or head, or the secretariat, tells who represents it."""
    own = council.holds(by, "focal", at) or council.holds(by, "head", at)
    allowed = council.is_secretary(by, at) or own
    return council.permit(allowed, "roles", "only the secretariat, a focal point or a head of delegation may do this")


def may_enter_presence(subject: Any, by: Actor, at: datetime) -> Permit:
    on_letter = bool(by.for_) and bool(speaks_for(by, subject.session_id, at, vote=False))
    return council.permit(
        council.is_secretary(by, at, subject.session_id) or on_letter,
        "roles",
        "only the secretariat or the delegation itself",
    )


def may_reply(invitation: Invitation, by: Actor, at: datetime) -> Permit:
    """A person whom the invitation names, or the secretariat writing down the reply."""
    named = council.person_key(by) in invitation.people
    allowed = named or council.is_secretary(by, at, invitation.session_id)
    return council.permit(allowed, "roles", "only a person whom the invitation names, or the secretariat, replies")


def may_substitute(delegation: Delegation, by: Actor, at: datetime) -> Permit:
    """A head or alternate on the letter, the member's focal point, or the secretariat, until the session closes."""
    own = by.for_ == f"member/{delegation.member_id}"
    allowed = council.is_secretary(by, at, delegation.session_id) or is_voice(delegation, by, at)
    focal = own and council.holds(by, "focal", at)
    if not allowed and not focal:
        because = "only the head, an alternate, the focal point or the secretariat may substitute"
        return Permit(False, "roles", because)
    return in_state("convened", "open")(delegation.session, by, at)


def is_voice(delegation: Delegation, by: Actor, at: datetime) -> bool:
    """Whether the actor is head or alternate on the letter, and no longer a newcomer whom nobody confirmed."""
    listed = delegates(delegation.session_id, delegation.member_id, at)
    return any(
        d.person_id == council.person_key(by) and d.capacity in VOTING and not d.person.awaits_confirmation
        for d in listed
    )


def voice_of_a_member(subject: Any, by: Actor, at: datetime) -> Permit:
    """A head or alternate whose credentials hold; the secretariat enters what was spoken, for a member."""
    return speaks_for(by, subject.session_id, at, vote=True)


def may_add_item(subject: Any, by: Actor, at: datetime) -> Permit:
    """A head or alternate, the chair or the secretariat."""
    permitted = chair_or_secretary(subject, by, at)
    return permitted or voice_of_a_member(subject, by, at)


def may_withdraw_item(item: Any, by: Actor, at: datetime) -> Permit:
    """The chair, the secretariat, or the voice of a sponsor of the item."""
    if by.for_.removeprefix("member/") in item.sponsors and voice_of_a_member(item, by, at):
        return council.DONE
    return chair_or_secretary(item, by, at)
