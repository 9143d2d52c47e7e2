"""Who is signed in: a person who was not released, whose sign-in is not too old, and whose rights are those of then."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from allauth.core import context
from django.db.models import CharField, Exists, OuterRef, Q, Value
from django.db.models.functions import Concat

from chancery.council.models import Person
from chancery.trail.models import Mention

LONGEST = 7 * 86_400  # seconds; an idle sign-in ends earlier, with its cookie

# Acts that change what a person may do, and acts that change what the whole delegation may do. Whoever was signed
# in before one of them signs in anew. A chair that is only ceded for a time changes hands in the room, and back.
OF_PERSON = (
    "person.confirm",
    "person.recover",
    "person.release",
    "chair.assume",
    "delegation.notify",
    "delegation.substitute",
)
OF_MEMBER = ("credentials.rule", "member.leave", "rights.suspend")


def rights_changed(since: int) -> Exists:
    """Whether an act after the one numbered `since` changed the rights of a person."""
    own = Concat(Value("person/"), OuterRef("key"), output_field=CharField())
    members = Concat(Value("member/"), OuterRef("member_id"), output_field=CharField())
    acts = Q(ref=own, record__act__in=OF_PERSON) | Q(ref=members, record__act__in=OF_MEMBER)
    return Exists(Mention.objects.filter(acts, record__gt=since, record__outcome="done"))


def signed_in_person(session: Any, key: Any) -> Person | None:
    """The person of a sign-in, if the sign-in still holds: not too old, and no right of the person changed since."""
    if time.time() - session.get("since", 0) > LONGEST:
        return None
    found = Person.objects.filter(pk=key, released_at=None)
    return found.exclude(rights_changed(session.get("as_of", 0))).first()


class Backend(AuthenticationBackend):  # type: ignore[misc]  # allauth is half typed
    """Sign-in by e-mail; a released person is answered like an unknown one."""

    def get_user(self, user_id: Any) -> Person | None:
        request = context.request
        if request is None:
            return Person.objects.filter(pk=user_id, released_at=None).first()
        return signed_in_person(request.session, user_id)

    @classmethod
    def _stash_user(cls, user: Any) -> Any:
        """Allauth would lead a released person to a page of its own; here there is none."""
        return None
