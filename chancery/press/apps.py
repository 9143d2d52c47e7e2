"""The press centre registers its acts."""

from __future__ import annotations

from django.apps import AppConfig


class PressConfig(AppConfig):
    name = "chancery.press"

    def ready(self) -> None:
        from . import actions, phrases  # noqa: F401 (declares the acts and how they read)
