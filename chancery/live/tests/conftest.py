"""A house in which a meeting sits."""

from __future__ import annotations

import pytest

from chancery.meetings.models import Meeting, Presence, Session


@pytest.fixture
def sitting(demo):
    """The 51st session and its first meeting, open again, with all members present."""
    Session.objects.filter(pk="51").update(state="open")
    Meeting.objects.filter(pk="51/1").update(state="open")
    Presence.objects.filter(meeting="51/1").update(to_at=None)
    return demo
