"""Groups 7 to 13 and 18: quorum, debate, proposals, majority, methods, silence, statements, elections."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal

from chancery.procedure.parameters.convening import Contradictions
from chancery.procedure.shapes import Shape, stated

Base = Literal["present_voting", "present", "cast_incl_abstain", "members", "entitled", "participating"]
SpeakingOrder = Literal["request", "groups_first", "ministers_first", "observers_last"]
Moment = Literal["open", "vote_start", "vote_end", "on_challenge"]


def over_one(name: str, share: Fraction | None) -> Contradictions:
    """A share of a whole that is more than the whole, or nothing of it."""
    if share is not None and not 0 < share <= 1:
        yield (name,), f"{share} is no share: it must lie above 0 and not above 1"


class Share(Shape):
    """A fraction of a base; `strict` asks for more than it."""

    f: Fraction
    strict: bool = stated(False, "more than the fraction, not just the fraction")

    def contradictions(self) -> Contradictions:
        """A share over one, or more than everybody."""
        yield from over_one("f", self.f)
        if self.f == 1 and self.strict:
            yield ("strict",), "more than all can never be present"


class QuorumFailed(Shape):
    """What the chair does when the quorum is missing."""

    suspend_minutes: int


class Quorum(Shape):
    """Group 7: how many must be present, of whom, and when it is checked."""

    open: Share | None = stated(None, "to open a meeting")
    debate: Share | None = stated(None, "to debate")
    decide: Share | None = stated(None, "to decide")
    base: Literal["members", "accredited", "entitled", "participating"] = stated("members", "of whom")
    check_at: tuple[Moment, ...] = stated(("vote_start",), "the moments at which it is checked")
    presumed_unless_challenged: bool = stated(False, "a check counts only after a challenge before the result")
    challenge_threshold: Fraction | int | None = stated(None, "members, or share of the members, that must challenge")
    proxy_counts: bool = stated(False, "a member represented by proxy counts as present")
    remote_counts: bool = stated(True, "a member present by remote channel counts")
    not_participating_counts: bool = stated(True, "a member present that takes no part counts")
    failed: Literal["debate_continues", "adjourn"] | QuorumFailed = stated("debate_continues", "what follows")


class Reply(Shape):
    """Right of reply."""

    max_count: int = stated(2, "replies of a delegation on an item")
    seconds: int | None = stated(None, "seconds of a reply")
    when: Literal["end_of_item", "end_of_day"] = stated("end_of_item", "when replies are heard")


class PointOfOrder(Shape):
    """Point of order."""

    may_interrupt: bool = stated(True, "a speaker may be interrupted")
    during_vote: Literal["none", "conduct_of_voting", "any"] = stated(
        "conduct_of_voting", "what may be raised between announcement and result"
    )


class Appeal(Shape):
    """Appeal against a ruling: this majority overrules it; on a tie the ruling stands."""

    majority: Fraction = stated(Fraction(1, 2), "fraction that overrules; exactly one half is strict")
    base: Base = stated("present_voting", "of whom")
    debatable: bool = stated(False, "an appeal may be debated")


class MotionKind(Shape):
    """One procedural motion: its rank decides the order in which motions are put, lowest first."""

    name: str
    rank: int
    debatable: bool = stated(False, "may be debated")
    for_n: int = stated(0, "speakers for")
    against_n: int = stated(0, "speakers against")
    majority: str | None = stated("procedural", "name of the majority; null: the chair decides")
    seconder: bool = stated(False, "needs a seconder")
    interrupts: bool = stated(False, "may interrupt a speaker")
    defeats: tuple[str, ...] = stated((), "motions that fall when this one is carried")


class Debate(Shape):
    """Group 8: speakers, points of order, motions."""

    speech_seconds: Mapping[str, int] = stated({}, "seconds by class of speaker")
    order: SpeakingOrder | tuple[SpeakingOrder, ...] = stated(
        "request", "order of the list of speakers; several combine"
    )
    list_close_rule: Literal["chair_with_assent", "chair", "motion"] = stated("chair_with_assent", "who closes it")
    reply: Reply | None = stated(Reply(), "right of reply; null: none")
    point_of_order: PointOfOrder = stated(PointOfOrder(), "point of order")
    appeal: Appeal = stated(Appeal(), "appeal against a ruling")
    motions: tuple[MotionKind, ...] = stated((), "procedural motions with their ranks")

    def contradictions(self) -> Contradictions:
        """Two motions of one name."""
        names = [motion.name for motion in self.motions]
        for index, name in enumerate(names):
            if name in names[:index]:
                yield ("motions", index, "name"), f"{name!r} is listed twice"


class Reconsideration(Shape):
    """Reopening a decided item."""

    majority: Fraction = stated(Fraction(2, 3), "fraction; exactly one half is strict")
    base: Base = stated("present_voting", "of whom")
    same_session: bool = stated(True, "only in the session of the decision")
    who: Literal["any", "majority_side", "chair"] = stated("any", "who may move it")


class Proposals(Shape):
    """Group 9: proposals, amendments, division."""

    sponsors_min: int = stated(1, "sponsors of a proposal")
    seconder: bool = stated(False, "a proposal needs a seconder")
    written: bool = stated(True, "a proposal is made in writing")
    total_replacement_is_new: bool = stated(True, "a text replacing all is a new proposal")
    amendment_order: Literal["furthest_chair", "submission", "text_order"] = stated("furthest_chair", "order put")
    subamendments: bool = stated(True, "an amendment may be amended")
    imply_rejection: bool = stated(True, "an adopted amendment may reject another by implication")
    division: Literal["mover_veto", "vote_on_objection", "always"] = stated("vote_on_objection", "separate votes")
    division_speakers: int = stated(2, "speakers for and against division")
    withdrawal_until: Literal["vote_announced"] = stated("vote_announced", "until when the sponsor may withdraw")
    retable_by_any: bool = stated(True, "a withdrawn text may be tabled again by anyone")
    order_of_proposals: Literal["submission", "chair"] = stated("submission", "order of proposals on one item")
    reconsideration: Reconsideration | None = stated(None, "reopening a decided item")


class Test(Shape):
    """One test of a majority."""

    threshold: Fraction
    measure: str = stated("heads", "`heads` or `weight:NAME` of a weight set")
    base: Base = stated("present_voting", "of whom")
    strict: bool = stated(False, "more than the threshold")
    min_supporters: int | None = stated(None, "heads that must be for, whatever the base")

    def contradictions(self) -> Contradictions:
        """A threshold over one; a measure that is neither heads nor a weight."""
        yield from over_one("threshold", self.threshold)
        if self.threshold == 1 and self.strict:
            yield ("strict",), "more than all can never vote for"
        if self.measure != "heads" and not (self.measure.startswith("weight:") and len(self.measure) > 7):
            yield ("measure",), f"{self.measure!r} is neither heads nor weight:NAME"


class Blocking(Shape):
    """A blocking minority: `min_members` heads and more than `weight` of the base of the last test."""

    min_members: int
    weight: Fraction
    else_adopted: bool = stated(False, "unblocked, a failed weight test is deemed met")

    def contradictions(self) -> Contradictions:
        """A share over one."""
        yield from over_one("weight", self.weight)


class SecondVote(Shape):
    """A second vote after a tie."""

    within: int
    then: Literal["rejected", "chair_casting", "further_discussion", "lot"] = stated("rejected", "when equal again")


class SecondVoteTie(Shape):
    """The tie rule that owes a second vote within so many hours."""

    second_vote: SecondVote


TieRule = Literal["rejected", "chair_casting", "further_discussion", "lot"] | SecondVoteTie


class AbstentionCap(Shape):
    """More abstentions than this share of the ballots cast postpone the question once."""

    f: Fraction
    effect: Literal["postpone_then_ignore"] = stated("postpone_then_ignore", "what follows")

    def contradictions(self) -> Contradictions:
        """A share over one."""
        yield from over_one("f", self.f)


class TurnoutTier(Shape):
    """A tier of turnout, up to a share of the members: it fails, or asks `for` over so many times `against`."""

    up_to: Fraction | None = stated(None, "upper end; null: all that is left")
    inclusive: bool = stated(False, "the upper end belongs to this tier")
    fails: bool = stated(False, "the question fails at this turnout")
    for_over_against: Fraction | None = stated(None, "`for` must exceed this multiple of `against`")

    def contradictions(self) -> Contradictions:
        """A tier that says nothing, or two things."""
        yield from over_one("up_to", self.up_to)
        if self.fails == (self.for_over_against is not None):
            yield (), "states either fails or for_over_against"


class Proxy(Shape):
    """Voting by proxy."""

    max_per_holder: int = stated(1, "members one holder may stand for")
    written: bool = stated(True, "given in writing")
    notice: Literal["any_time", "before_leaving"] = stated("any_time", "until when it may be given")


class Majority(Shape):
    """Group 10: one named majority."""

    tests: tuple[Test, ...] = stated((), "what support must reach")
    combine: Literal["all", "any"] = stated("all", "whether all tests must be met or any")
    blocking: Blocking | None = stated(None, "blocking minority")
    veto_members: tuple[str, ...] = stated((), "members whose vote against rejects")
    abstention: Literal["ignored", "against", "blocks", "absent_ok"] = stated("ignored", "what abstaining means")
    absent: Literal["ignored", "blocks"] = stated("ignored", "whether an absent member keeps the vote shut")
    invalid: Literal["ignored", "against"] = stated("ignored", "what an invalid ballot means")
    tie: TieRule = stated("rejected", "what follows when support equals opposition")
    abstention_cap: AbstentionCap | None = stated(None, "many abstentions postpone")
    turnout_tiers: tuple[TurnoutTier, ...] = stated((), "what support must reach at each turnout")
    min_votes: Fraction | None = stated(None, "share of the members that must cast a ballot")
    proxy: Proxy | None = stated(None, "voting by proxy; null: none")
    vote_splitting: bool = stated(False, "a member may split its votes")
    affiliation_merge: bool = stated(False, "members of one group have one vote together")

    def contradictions(self) -> Contradictions:
        """A majority that asks nothing; a blocking minority without a test; tiers out of order."""
        yield from over_one("min_votes", self.min_votes)
        if not self.tests and not self.turnout_tiers:
            yield ("tests",), "names neither a test nor turnout_tiers"
        if self.blocking and not self.tests:
            yield ("blocking",), "needs a test whose measure and base it uses"
        ends = [tier.up_to for tier in self.turnout_tiers]
        if ends and (None in ends[:-1] or ends[-1] is not None or ends[:-1] != sorted(filter(None, ends[:-1]))):
            yield ("turnout_tiers",), "must rise, and the last one has up_to null"


class Explanations(Shape):
    """Explanations of vote."""

    before: bool = stated(True, "before the vote")
    after: bool = stated(True, "after the vote")
    seconds: int | None = stated(None, "seconds of one explanation")
    sponsor_may: bool = stated(False, "the sponsor may explain")


class Methods(Shape):
    """Group 11: how decisions are taken."""

    default: tuple[Literal["consensus", "vote"], ...] = stated((), "methods in order; a later one is the fallback")
    consensus_minus: int = stated(0, "objections that do not prevent consensus")
    open: Literal["show", "recorded", "roll_call"] = stated("show", "form of an open vote")
    roll_call_request_by: int = stated(1, "members that may ask for a roll-call")
    roll_call_start: Literal["lot", "alphabet", "chair"] = stated("alphabet", "who is called first")
    secret_on: tuple[str, ...] = stated((), "questions decided by secret ballot")
    eov: Explanations = stated(Explanations(), "explanations of vote")
    change_vote_until: Literal["result_announced", "vote_closed", "never"] = stated(
        "result_announced", "until when a ballot may be cast or changed"
    )
    remote_vote: bool = stated(False, "a member present by remote channel may vote")


class Outage(Shape):
    """An outage of at least `gap` minutes within the last `watch` hours moves the expiry."""

    watch: int = stated(6, "hours before the expiry")
    gap: int = stated(10, "minutes without heartbeat")
    extend: int = stated(1, "hours after the end of the outage")


class SilenceRules(Shape):
    """Group 12: silence procedure."""

    min_hours: int | None = stated(None, "hours between proposal and expiry, at least")
    usual_hours: int | None = stated(None, "hours that the form proposes")
    expiry: Literal["instant"] = stated("instant", "the period ends at an instant")
    proposed_in: Literal["meeting", "any_time"] = stated("any_time", "where it may be proposed")
    prior_consultation: str | None = stated(None, "organ consulted before")
    breakers: Literal["any_member"] | int = stated("any_member", "how many members break it")
    amendment_breaks: bool = stated(True, "an amendment breaks it like an objection")
    writing_channel: tuple[str, ...] = stated(
        (), "ways in which a break may be written; the second serves in an outage"
    )
    late_reply: Literal["recorded_no_effect"] = stated("recorded_no_effect", "what a late break does")
    extension: Literal["no", "chair_before_expiry"] = stated("no", "whether the period may be extended")
    max_extensions: int | None = stated(None, "extensions at most")
    restart_wait: int | None = stated(None, "hours before a broken text may be proposed anew")
    number_assigned: Literal["after_expiry", "at_next_meeting"] = stated("after_expiry", "when the text is numbered")
    publish: Literal["at_once", "next_meeting"] = stated("at_once", "when the text issues")
    excluded_types: tuple[str, ...] = stated((), "questions that silence may not decide")
    quiet_days: tuple[str, ...] = stated((), "days on which no period may expire, as YYYY-MM-DD")
    outage: Outage | None = stated(None, "what an outage of the server does")

    def contradictions(self) -> Contradictions:
        """A usual period shorter than the minimum; nobody who could break it."""
        if self.min_hours and self.usual_hours and self.usual_hours < self.min_hours:
            yield ("usual_hours",), f"{self.usual_hours} hours is shorter than the minimum of {self.min_hours} hours"
        if self.breakers == 0:
            yield ("breakers",), "0 members would break every silence at once"


class AdReferendum(Shape):
    """Adoption subject to confirmation by named capitals."""

    days: int
    silence_means: Literal["consent", "objection"] = stated("consent", "what no answer means")


class Statements(Shape):
    """Group 13: what a member may say beside a decision."""

    types: tuple[Literal["interpretative", "reservation", "explanation", "record"], ...] = stated((), "kinds")
    window: Literal["at_adoption", "same_meeting"] | int = stated(
        "same_meeting", "until when attached; a number: hours"
    )
    attach_to: tuple[Literal["decision", "journal", "record"], ...] = stated(("decision",), "where it is shown")
    joint: bool = stated(True, "several members may file one together")
    length: int | None = stated(None, "words at most")
    reservation_allowed_on: tuple[str, ...] = stated((), "kinds of decision that admit reservations")
    withdrawable: bool = stated(True, "may be withdrawn")
    ad_referendum: AdReferendum | None = stated(None, "confirmation by named capitals")
    absent_confirm: int | None = stated(None, "days within which absent members confirm")


class ElectionTurn(Shape):
    """One round: the majority it asks, and who drops out after it."""

    majority: str
    drop: Literal["lowest", "restrict_to_2x_posts"] | None = stated(None, "who is left for the next round")


class Elections(Shape):
    """Group 18: elections."""

    nomination_deadline: int | None = stated(None, "hours before the ballot")
    ballot: Literal["secret", "show"] = stated("secret", "form of the ballot")
    uncontested: Literal["acclamation_unless_objection", "ballot"] = stated("ballot", "as many candidates as posts")
    rounds: tuple[ElectionTurn, ...] = stated((), "rounds; the last one repeats")
    tie: Literal["lot", "ballot"] = stated("ballot", "equal votes for the last post")
    lot: Literal["room", "commit_reveal"] = stated("room", "how lots are drawn")
    distribution: Literal["groups"] | None = stated(None, "posts are distributed among groups")
    conflict_recusal: bool = stated(False, "a candidate's own delegate does not count ballots")
