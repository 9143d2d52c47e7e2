"""The site has no tables; it is an app for its templates' tags and its start-up checks."""

from __future__ import annotations

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "chancery.site"
    label = "chancery_site"

    def ready(self) -> None:
        from chancery.trail import door

        from .doors import following, signed_in

        signed_in.connect()
        door.after(following.follow)
