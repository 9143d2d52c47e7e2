"""The search follows the trail, and its full text is put in place after every migration."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SearchConfig(AppConfig):
    name = "chancery.search"

    def ready(self) -> None:
        from chancery.trail import door

        from . import engine, tasks

        door.after(tasks.follow)
        post_migrate.connect(engine.install_after_migration, sender=self, dispatch_uid="chancery.search.engine")
