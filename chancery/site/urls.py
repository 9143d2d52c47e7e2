"""All addresses: `/` the public site, `/house/` work, `/log/` the register's files, `/accounts/` signing in."""

from __future__ import annotations

from django.urls import include, path

from chancery.desk.views import notices

from . import views
from .api.house import api

urlpatterns = [
    path("accounts/language/", views.choose_language, name="language"),
    path("accounts/rehearsal/<str:token>/", views.rehearse, name="rehearse"),
    path("accounts/", include("chancery.site.doors.urls")),
    path("house/", include("chancery.desk.urls")),
    path("notices/stop/<str:token>/", notices.stop, name="notices-stop"),
    path("api/", api.urls),
    path("log/cosignature", views.cosignature, name="cosignature"),
    path("log/<path:name>", views.log_file, name="log"),
    path("", include("chancery.press.urls")),
]

handler404 = "chancery.site.views.not_found"
handler500 = "chancery.site.views.broken"
