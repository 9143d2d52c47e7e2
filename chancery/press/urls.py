"""Addresses of the public site. The language is the first part of each; nothing depends on a cookie."""

from __future__ import annotations

from django.urls import path

from .views import front, items, record

urlpatterns = [
    path("", front.door, name="door"),
    path("v", items.beacon, name="beacon"),
    path("p/<path:tail>", items.short, name="short"),
    path("head.json", record.head, name="head"),
    path("inputs/<path:key>.json", record.inputs, name="inputs"),
    path("texts/<str:language>/<path:symbol>.md", record.text, name="text"),
    path("pdf/<path:symbol>.pdf", record.pdf, name="pdf"),
    path("bundle/<path:symbol>.zip", record.bundle, name="bundle"),
    path("<str:language>/", front.front, name="front"),
    path("<str:language>/press/", front.archive, name="archive"),
    path("<str:language>/press/feed.atom", items.Atom(), name="feed"),
    path("<str:language>/press/<path:tail>/v/<int:number>/", items.version, name="version"),
    path("<str:language>/press/<path:tail>/", items.item, name="item"),
    path("<str:language>/sessions/", front.sessions, name="sessions"),
    path("<str:language>/sessions/<str:number>/", front.session, name="session"),
    path("<str:language>/decisions/", front.decisions, name="decisions"),
    path("<str:language>/decisions/<path:symbol>/", record.decision, name="decision"),
    path("<str:language>/results/<path:key>/", record.result, name="result"),
    path("<str:language>/speeches/<str:session>/<str:number>/", record.speech, name="speech"),
    path("<str:language>/papers/<path:symbol>/", record.paper, name="public-paper"),
    path("papers/<str:language>/<path:symbol>", record.paper_file, name="public-paper-file"),
    path("<str:language>/members/", record.members, name="members"),
    path("<str:language>/verify/", record.register, name="register"),
    path("<str:language>/accessibility/", record.accessibility, name="accessibility"),
]
