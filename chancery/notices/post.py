"""Handing mail over: Django's SMTP back end, which also remembers what the server answered."""

from __future__ import annotations

import smtplib
from typing import Any

from django.core.mail.backends.smtp import EmailBackend


class _Remembering(smtplib.SMTP):
    answer = ""

    def data(self, msg: Any) -> tuple[int, bytes]:
        code, said = super().data(msg)
        self.answer = f"{code} {said.decode(errors='replace')}"
        return code, said


class _RememberingTls(_Remembering, smtplib.SMTP_SSL):
    """The same over TLS from the first byte."""


class Smtp(EmailBackend):
    """`answer`: what the mail server said to the last message."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _RememberingTls if self.use_ssl else _Remembering

    @property
    def answer(self) -> str:
        return str(getattr(self.connection, "answer", ""))
