"""Groups 1 to 6: members, chair, sessions, agenda, papers, credentials."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Literal

from chancery.procedure.reading import Path
from chancery.procedure.shapes import Shape, stated

Contradictions = Iterator[tuple[Path, str]]
"""Places below a group, each with the reason why it cannot be."""
Consent = Literal["no_objection", "majority", "unanimous"]
DayCount = Literal["calendar", "working"]
Right = Literal["attend", "speak", "speak_after_members", "propose", "propose_if_seconded", "reply", "vote"]


class ListedMember(Shape):
    """A member with the dates of its membership."""

    code: str
    valid_from: date | None = stated(None, "first day of membership")
    valid_to: date | None = stated(None, "last day of membership")

    def contradictions(self) -> Contradictions:
        """A membership that ends before it begins."""
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            yield ("valid_to",), "lies before valid_from"


class WeightSet(Shape):
    """Weights of members from a date on."""

    from_: date
    weights: Mapping[str, Fraction]


class Members(Shape):
    """Group 1: who the members are and what rights and weights they carry."""

    member_list: tuple[ListedMember, ...] = stated((), "members with the dates of their membership")
    voting_rights_suspended: tuple[str, ...] = stated((), "reasons for which a voting right is suspended")
    weight_sets: Mapping[str, tuple[WeightSet, ...]] = stated({}, "weights by name and first day")
    groups: Mapping[str, tuple[str, ...]] = stated({}, "groups and constituencies")
    observer_classes: Mapping[str, tuple[Right, ...]] = stated({}, "rights of each class of observers and guests")
    seating_order: Literal["alpha_lang", "lot", "chair-led"] = stated("alpha_lang", "order of seats")

    def contradictions(self) -> Contradictions:
        """Groups and weights that name somebody who is no member."""
        known = {member.code for member in self.member_list}
        for group, codes in self.groups.items() if known else ():
            for index, code in enumerate(codes):
                if code not in known:
                    yield ("groups", group, index), f"{code!r} is no member of member_list"


class Chair(Shape):
    """Group 2: how the chair is found and whether the chair votes."""

    selection: Literal["rotation", "election", "host", "ex_officio"] | None = stated(None, "how the chair is found")
    rotation_order: tuple[str, ...] = stated((), "members in the order in which they take the chair")
    term: int | None = stated(None, "length of a term in years")
    term_starts: Literal["session_start", "session_end", "date"] | None = stated(None, "when a term starts")
    max_consecutive: int | None = stated(None, "terms in a row after which one is barred")
    endorsement_required: bool = stated(False, "vacant when the chair's state withdraws its endorsement")
    vice_count: int = stated(0, "number of vice-chairs")
    co_chairs: bool = stated(False, "two chairs preside together")
    troika: bool = stated(False, "last, present and next chair act together")
    chair_votes: Literal["no", "casting", "yes", "alternate_delegate"] = stated("yes", "whether the chair votes")
    acting_rule: tuple[Literal["vice", "next_in_rotation", "oldest_head", "elected"], ...] = stated(
        ("vice",), "who presides when the chair cannot, in this order"
    )

    def contradictions(self) -> Contradictions:
        """A rotation without an order, or one that names a member twice."""
        if self.selection == "rotation" and not self.rotation_order:
            yield ("rotation_order",), "names no member, although the chair rotates"
        if len(set(self.rotation_order)) < len(self.rotation_order):
            yield ("rotation_order",), "names a member twice"


class NoticeDays(Shape):
    """Days of notice by kind of session."""

    regular: int | None = stated(None, "days before a regular session")
    special: int | None = stated(None, "days before a special session")
    emergency: int | None = stated(None, "days before an emergency session")
    emergency_hours: int | None = stated(None, "hours before an emergency session, where days are too coarse")


class ExtraRequest(Shape):
    """Who may ask for an extra session."""

    members: int | None = stated(None, "number of members that may ask")
    fraction: Fraction | None = stated(None, "share of the members that may ask")
    organ: str | None = stated(None, "organ that may ask")


class Sessions(Shape):
    """Group 3: how a session is convened."""

    regular_per_year: int | None = stated(None, "regular sessions in a year")
    extra_request_by: ExtraRequest | None = stated(None, "who may ask for an extra session")
    extra_deadline: int | None = stated(None, "days within which an extra session meets")
    notice_days: NoticeDays = stated(NoticeDays(), "days between notice and opening")
    notice_shortening: Consent | None = stated(None, "consent that shortens the notice")
    day_count: DayCount = stated("calendar", "which days count")
    working_days: tuple[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ...] = stated(
        ("mon", "tue", "wed", "thu", "fri"), "days of the week on which the secretariat works"
    )
    holiday_calendar: tuple[date, ...] = stated((), "days that are no working days")
    clock_zone: str | None = stated(None, "zone in which days begin and end; else that of the venue")


class ItemDeadline(Shape):
    """The deadline for items; of two rules the earlier instant binds."""

    days_before_opening: int | None = stated(None, "days before the opening")
    days_after_draft_agenda: int | None = stated(None, "days after the draft agenda was sent")


class LateItem(Shape):
    """Admission of an item after its deadline."""

    majority: str = stated("procedural", "name of the majority that admits it")
    wait_hours: int | None = stated(None, "hours before the item may be discussed")
    wait_days: int | None = stated(None, "days before the item may be discussed")
    waiver_majority: str | None = stated(None, "name of the majority that waives the wait")
    urgent_only: bool = stated(False, "only urgent items are admitted")


class Agenda(Shape):
    """Group 4: how the agenda is made."""

    provisional_days: int | None = stated(None, "days before the opening for the provisional agenda")
    item_deadline: ItemDeadline | None = stated(None, "until when items may be proposed")
    supplementary_days: int | None = stated(None, "days before the opening for supplementary items")
    supplementary_list_days: int | None = stated(None, "days before the opening for the supplementary list")
    late_item: LateItem | None = stated(None, "how a late item is admitted")
    annotated_days: int | None = stated(None, "days before the opening for the annotated agenda")
    categories: tuple[str, ...] = stated((), "categories of items")
    move_A_to_B_threshold: int | None = stated(None, "members that move an item out of 'without debate'")  # noqa: N815 - the letters of the categories
    explanatory_memo_required: bool = stated(False, "an item needs a memorandum")
    cost_note_required: bool = stated(False, "an item needs an estimate of cost")
    adoption_majority: str = stated("procedural", "name of the majority that adopts the agenda")


class DeadlineDays(Shape):
    """Days before the opening by which papers are due."""

    pre: int | None = stated(None, "pre-session papers, days before the opening")
    in_: int | None = stated(None, "in-session papers, days before their item")
    post: int | None = stated(None, "post-session papers, days after the closing")


class Papers(Shape):
    """Group 5: deadlines, sizes and languages of papers."""

    deadline_days: DeadlineDays = stated(DeadlineDays(), "days by kind of paper")
    submit_weeks: int | None = stated(None, "weeks before the opening to submit")
    process_weeks: int | None = stated(None, "weeks of processing")
    issue_weeks: int | None = stated(None, "weeks before the opening to issue")
    page_limit: int | None = stated(None, "pages at most")
    word_limit: int | None = stated(None, "words at most")
    no_action_becomes_INF: bool = stated(False, "a paper that asks for no action is an INF")  # noqa: N815 - the suffix of the series
    languages_official: tuple[str, ...] = stated((), "official languages")
    languages_working: tuple[str, ...] = stated((), "working languages")
    issue_when: Literal["all_languages", "as_ready"] = stated("as_ready", "when a paper is issued")
    debate_wait: int | None = stated(None, "hours after distribution before debate and decision")
    wait_waiver_majority: str | None = stated(None, "name of the majority that waives the wait")
    late_paper: Literal["refuse", "own_language", "chair"] = stated("chair", "what happens to a late paper")
    cosponsor_until: Literal["issue", "action", "close"] = stated("action", "until when one may co-sponsor")
    marking_default: str | None = stated(None, "marking of a paper that states none")


class Credentials(Shape):
    """Group 6: what proves who represents a member."""

    required: bool = stated(False, "a delegation needs credentials")
    due_before: int | None = stated(None, "days before the opening")
    issuers: tuple[Literal["HoS", "HoG", "FM", "minister", "PR"], ...] = stated((), "who may issue them")
    copy_accepted: bool = stated(False, "a copy counts until the original arrives")
    committee_size: int | None = stated(None, "members of the credentials committee")
    provisional_rights: tuple[Right, ...] = stated((), "rights until the ruling")
    objection_effect: Literal["seated_provisionally", "vote_withheld"] = stated(
        "seated_provisionally", "standing of a contested delegation"
    )
    report_majority: str = stated("procedural", "name of the majority that adopts the report")
    retroactive: bool = stated(False, "a ruling touches earlier outcomes")
