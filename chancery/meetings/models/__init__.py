"""Sessions, meetings, delegations with their credentials and presence, agenda, letters, speeches."""

from .agenda import AgendaItem, AgendaVersion, Speech
from .delegations import Credential, CredentialObjection, Delegate, Delegation, Invitation
from .gathering import (
    ENDED,
    Interval,
    Meeting,
    Presence,
    QuorumChallenge,
    Session,
    overlaps,
    session_field,
)
from .letters import Circular, Letter

__all__ = [
    "AgendaItem",
    "AgendaVersion",
    "Circular",
    "Credential",
    "CredentialObjection",
    "Delegate",
    "Delegation",
    "ENDED",
    "Interval",
    "Invitation",
    "Letter",
    "Meeting",
    "Presence",
    "QuorumChallenge",
    "Session",
    "Speech",
    "overlaps",
    "session_field",
]
