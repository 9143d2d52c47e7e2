"""Papers register their acts."""

from __future__ import annotations

from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "chancery.papers"

    def ready(self) -> None:
        from chancery.trail import door

        from . import actions, phrases, tasks  # noqa: F401 (declares the acts and how they read)

        door.after(tasks.follow)
