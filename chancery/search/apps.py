"""The search follows the trail."""

from __future__ import annotations

from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "chancery.search"

    def ready(self) -> None:
        from chancery.trail import door

        from . import tasks

        door.after(tasks.follow)
