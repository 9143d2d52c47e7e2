"""The trail stands upstream of all stations; they register their kinds and acts with it."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class TrailConfig(AppConfig):
    name = "chancery.trail"

    def ready(self) -> None:
        from . import triggers

        post_migrate.connect(triggers.install_after_migration, dispatch_uid="chancery.trail.triggers")
