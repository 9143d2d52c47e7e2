"""Texts register their acts."""

from __future__ import annotations

from django.apps import AppConfig


class TextsConfig(AppConfig):
    name = "chancery.texts"

    def ready(self) -> None:
        from . import actions, phrases  # noqa: F401 (declares the acts and how they read)
