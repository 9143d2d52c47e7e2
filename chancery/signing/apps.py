"""Signing registers its acts."""

from __future__ import annotations

from django.apps import AppConfig


class SigningConfig(AppConfig):
    name = "chancery.signing"

    def ready(self) -> None:
        from . import actions, phrases  # noqa: F401 (declares the acts and how they read)
