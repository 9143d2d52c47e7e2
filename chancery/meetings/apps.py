"""Meetings register their acts and tell the trail who holds the chair."""

from __future__ import annotations

from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "chancery.meetings"

    def ready(self) -> None:
        from chancery.trail import actor

        from . import access, actions, phrases  # noqa: F401 (declares the acts and how they read)

        actor.register_office("chair", access.chair_at)
