"""The council registers its acts with the trail."""

from __future__ import annotations

from django.apps import AppConfig


class CouncilConfig(AppConfig):
    name = "chancery.council"

    def ready(self) -> None:
        from chancery.trail import actor

        from . import access, actions, phrases  # noqa: F401 (declares the acts and how they read)

        actor.register_office("secretary", access.secretary_at)
