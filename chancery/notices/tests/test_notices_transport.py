"""Naming a mail server."""

from __future__ import annotations

import pytest

from chancery.notices.transport import mail_settings


@pytest.mark.parametrize("address", ["imap://x", "smtp://", "nonsense"])
def test_a_mail_server_must_be_named_whole(address, tmp_path):
    from django.core.exceptions import ImproperlyConfigured

    with pytest.raises(ImproperlyConfigured):
        mail_settings(address, tmp_path)


def test_each_way_to_a_mail_server_has_its_port(tmp_path):
    ways = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
    for scheme, port in ways.items():
        made = mail_settings(f"{scheme}://a%40b:s@mail.example", tmp_path)
        assert (made["EMAIL_PORT"], made["EMAIL_HOST_USER"]) == (port, "a@b")
