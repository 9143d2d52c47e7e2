"""Records register their acts."""

from __future__ import annotations

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "chancery.records"

    def ready(self) -> None:
        from . import actions, phrases  # noqa: F401 (declares the acts and how they read)
