"""What templates may call: dates and numbers through `fmt`."""

from __future__ import annotations

from django import template

register = template.Library()
