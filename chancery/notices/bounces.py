"""Reading a delivery status notification (RFC 3464): which of our mails came back, and what the other side said."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage, Message

from .models import Mailing

LIMIT = 1024 * 1024


@dataclass(frozen=True)
class Bounce:
    """The Message-ID of the mail that came back, and why."""

    message_id: str
    said: str


def read(data: bytes) -> Bounce:
    """The bounce in a mail. Raises ValueError, in plain words, for anything that is none."""
    if len(data) > LIMIT:
        raise ValueError("the file is too large for a mail that came back")
    message = email.message_from_bytes(data, policy=email.policy.default)
    fields = _failed(message)
    if fields is None:
        raise ValueError("the mail holds no report of a failed delivery")
    found = re.search(r"(?im)^message-id:\s*(<[^<>\s]+>)", _original(message))
    if not found:
        raise ValueError("the report does not name the mail that came back")
    said = " ".join(str(fields.get(name, "")) for name in ("Status", "Diagnostic-Code"))
    return Bounce(found[1], " ".join(said.split())[:300])


def _failed(message: EmailMessage) -> Message | None:
    """The fields of the recipient whose delivery failed."""
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            for fields in part.get_payload():
                if isinstance(fields, Message) and str(fields.get("Action", "")).strip().lower() == "failed":
                    return fields
    return None


def _original(message: EmailMessage) -> str:
    """The headers of our own mail, as the report carries them."""
    for part in message.walk():
        if part.get_content_type() == "text/rfc822-headers":
            return bytes(part.get_payload(decode=True) or b"").decode(errors="replace")
        if part.get_content_type() == "message/rfc822":
            inner = [one for one in part.get_payload() if isinstance(one, Message)]
            return "\n".join(f"{name}: {value}" for one in inner for name, value in one.items())
    return ""


def enter(data: bytes, at: datetime) -> int:
    """Mark the notices of the mail that came back. Gives how many; ValueError where it is none of ours."""
    bounce = read(data)
    marked = Mailing.objects.filter(message_id=bounce.message_id).update(bounced_at=at, bounce=bounce.said)
    if not marked:
        raise ValueError(f"{bounce.message_id} is no mail of this house")
    return marked
