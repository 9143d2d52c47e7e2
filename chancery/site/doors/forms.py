"""Forms of the doors: a new password, an address that was forgotten."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, ngettext

from chancery.council.models import Person


class NewPassword(forms.Form):
    """A password of twelve characters or more that is in no list of breached ones, typed twice."""

    password = forms.CharField(strip=False, max_length=1000)
    repeated = forms.CharField(strip=False, max_length=1000)

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_password(self) -> str:
        typed: str = self.cleaned_data["password"]
        try:
            password_validation.validate_password(typed, self.person)
        except ValidationError as error:
            raise ValidationError([said(one) for one in error.error_list]) from None
        return typed

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("password") and cleaned["password"] != cleaned.get("repeated"):
            self.add_error("repeated", gettext("The two passwords differ."))
        return cleaned


def said(error: ValidationError) -> str:
    """What is wrong with a password, in the words of the house."""
    match error.code:
        case "password_too_short":
            n = error.params["min_length"] if error.params else 12
            return ngettext(
                "A password has at least %(n)d character.", "A password has at least %(n)d characters.", n
            ) % {"n": n}
        case "password_too_common":
            return gettext("This password stands in lists of stolen ones. Choose another.")
        case "password_too_similar":
            return gettext("This password is too much like your name or address.")
        case _:
            return " ".join(error.messages)


class Forgotten(forms.Form):
    """The address of somebody who forgot the password."""

    email = forms.EmailField()
