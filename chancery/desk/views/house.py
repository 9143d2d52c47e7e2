"""The council's own page, and the page of a person with what that person may do and why."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from chancery.council import access as council
from chancery.council.models import MemberKey
from chancery.trail.refs import Referable

from .. import access, acting
from ..queries import house
from .page import session_in_hand, show

# What is done to the house as a whole, in the order of a year.
ON_THE_HOUSE = ("person.appoint", "member.join", "body.establish", "rules.adopt", "series.add")


@require_safe
def council_page(request: Any) -> HttpResponse:
    """The council as it stands."""
    name, adopted = house.rules(request.at)
    on_council: list[tuple[str, Referable | None]] = [
        (act, council.council()) for act in ("chair.assume", "chair.cede", "council.amend")
    ]
    context = {
        "members": house.members(request),
        "bodies": house.bodies(request),
        "people": house.people(request),
        "may_open_people": access.is_secretary(request.person, request.at),
        "chairs": house.chairs(request.at),
        "series": house.series(),
        "rules": name,
        "adoptions": adopted,
        "panel": acting.panel(request, [*((act, None) for act in ON_THE_HOUSE), *on_council]),
    }
    return show(request, "desk/council.html", None, "", context)


@require_safe
def person(request: Any, key: str) -> HttpResponse:
    """What a person may do now and why, for that person and the secretariat."""
    found, session = house.person_for(request.person, key, request.at), session_in_hand(request)
    context = {
        "one": found,
        "keys": MemberKey.objects.filter(person=found),
        "powers": house.powers(found, session, request.at),
        "elsewhere": house.elsewhere(),
        "panel": acting.on(request, found, "person", "key"),
    }
    return show(request, "desk/person.html", None, "", context)
