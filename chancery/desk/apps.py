"""The desk has no tables and no acts; it shows what the stations hold."""

from __future__ import annotations

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "chancery.desk"
