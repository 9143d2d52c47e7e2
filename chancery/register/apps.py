"""The register follows the trail: it enters every official act that has no entry yet."""

from __future__ import annotations

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    name = "chancery.register"

    def ready(self) -> None:
        from chancery.trail import door

        from . import tasks

        door.after(tasks.follow)
