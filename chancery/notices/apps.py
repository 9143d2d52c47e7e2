"""Notices follow the trail by themselves: the worker calls their collector."""

from __future__ import annotations

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "chancery.notices"
