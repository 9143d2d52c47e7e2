"""Decisions register their acts."""

from __future__ import annotations

from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    name = "chancery.decisions"

    def ready(self) -> None:
        from . import actions, phrases  # noqa: F401 (declares the acts and how they read)
