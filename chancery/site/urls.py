"""All addresses: `/` the public site, `/house/` work, `/log/` the register's files, `/accounts/` signing in."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("house/", include("chancery.desk.urls")),
]
