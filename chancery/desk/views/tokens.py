"""A person's tokens for programs: made, shown once, revoked."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from chancery.council import tokens
from chancery.trail import door

from .. import fresh
from .page import session_in_hand, show


class TokenForm(forms.Form):
    """For which program, for which acts, for how many days."""

    name = forms.CharField(max_length=80, label=_("Program"))
    acts = forms.CharField(max_length=600, required=False, label=_("Acts"))
    days = forms.IntegerField(min_value=1, max_value=tokens.LONGEST.days, initial=30, label=_("Days"))

    def clean_acts(self) -> list[str]:
        """Patterns of acts, each of which names at least one."""
        wanted: list[str] = self.cleaned_data["acts"].replace(",", " ").split()
        for pattern in wanted:
            if not any(tokens.matches(pattern, act) for act in door.acts()):
                raise forms.ValidationError(gettext("No act is called {pattern}.").format(pattern=pattern))
        return wanted


@require_http_methods(["GET", "HEAD", "POST"])
def tokens_of(request: Any) -> HttpResponse:
    """The reader's tokens, and a form for a new one; its secret is shown in the answer and never again."""
    if not request.user.is_authenticated:
        raise Http404  # the operator looks at the house and is no person for whom a program could act
    form = TokenForm(request.POST or None)
    secret, unproven = "", ""
    if request.method == "POST" and form.is_valid():
        unproven = "" if fresh.is_fresh(request) else fresh.prove(request)
        if not unproven:
            secret, form = _made(request, form.cleaned_data, door.now()), TokenForm()
    context = {
        "tokens": tokens.of(request.person),
        "form": form,
        "secret": secret,
        "now": request.at,
        "unproven": unproven,
        "acts": sorted(door.acts()),
        "again": None if fresh.is_fresh(request) else fresh.challenge(request),
    }
    page = show(request, "desk/tokens.html", session_in_hand(request), "", context)
    page.status_code = 403 if unproven else 422 if form.errors else 200
    return page


def _made(request: Any, given: dict[str, Any], at: datetime) -> str:
    _, secret = tokens.make(request.person, given["name"], given["acts"], at + timedelta(days=given["days"]), at)
    return secret


@require_POST
def revoke(request: Any, number: int) -> HttpResponse:
    """End one of the reader's own tokens at once."""
    if not tokens.revoke(request.person, number, request.at):
        raise Http404
    return redirect("house-tokens")
