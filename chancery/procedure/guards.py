"""The guards that keep a vote shut: the wait after distribution, the languages, members that must not be absent.

Sources: OAS (a debate not before 12 hours after distribution), UN General Assembly rule 78 (unverified), the EU
Council's page on unanimity (no vote where a member is neither present nor represented).
"""

from __future__ import annotations

from datetime import datetime

from chancery.procedure.outcomes import Verdict
from chancery.procedure.parameters.convening import Papers
from chancery.procedure.proceedings import Proceedings
from chancery.procedure.questions import Event, Subject
from chancery.procedure.roll import OPTED_OUT
from chancery.procedure.steps import Ground, Step, at_least, at_most


def shut(proceedings: Proceedings, event: Event, about: str) -> Verdict | None:
    """The verdict that a vote is not opened, with the guards as working; None where nothing keeps it shut."""
    subject = proceedings.question.subject
    steps = [] if about != "whole" or subject is None else _guards_of_text(proceedings.rules.papers, subject, event.at)
    name, rule = proceedings.test_for(about)
    if rule.absent == "blocks":
        opted_out = proceedings.electorate.groups.get(OPTED_OUT, ())
        members = [code for code in proceedings.roll.members if code not in opted_out]
        absent = sum(not proceedings.roll.is_represented(code) for code in members)
        ground = Ground("heads", "members", len(members), ("absent",))
        steps.append(at_most(f"{name}.absent", "vote_start", ground, 0, absent))
    failed = any(not step.met for step in steps)
    return Verdict("not_opened", event.at, working=tuple(steps)) if failed else None


def _guards_of_text(rules: Papers, subject: Subject, at: datetime) -> list[Step]:
    """The wait after distribution and the languages, where the question states them."""
    steps = []
    if subject.distributed_at and rules.debate_wait:
        hours = int((at - subject.distributed_at).total_seconds() // 3600)
        ground = Ground("hours", "distribution", hours, ("hours",))
        steps.append(at_least("papers.debate_wait", "vote_start", ground, rules.debate_wait, hours))
    if subject.languages is not None and rules.issue_when == "all_languages":
        official = rules.languages_official
        issued = sum(language in subject.languages for language in official)
        ground = Ground("languages", "official", len(official), ("issued",))
        steps.append(at_least("papers.issue_when", "vote_start", ground, len(official), issued))
    return steps
