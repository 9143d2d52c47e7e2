"""Addresses of the house. Symbols stand in them as printed."""

from __future__ import annotations

from django.urls import path

from .views import act, acts, finding, histories, item, mine, notices, objects, papers, people, room, session

urlpatterns = [
    path("", session.door, name="house"),
    path("session/<str:number>/", session.desk, name="house-desk"),
    path("session/<str:number>/agenda/", session.agenda, name="house-agenda"),
    path("session/<str:number>/agenda/versions/", session.agenda_versions, name="house-agenda-versions"),
    path("session/<str:number>/papers/", papers.shelf_of, name="house-papers"),
    path("session/<str:number>/papers.zip", papers.shelf_zip, name="house-papers-zip"),
    path("session/<str:number>/translation/", papers.translation, name="house-translation"),
    path("session/<str:number>/texts/", session.texts, name="house-texts"),
    path("session/<str:number>/decisions/", session.decisions, name="house-decided"),
    path("session/<str:number>/signing/", session.signing, name="house-signing"),
    path("session/<str:number>/delegations/", people.delegations, name="house-delegations"),
    path("session/<str:number>/register/", objects.log, name="house-log"),
    path("session/<str:number>/press/", acts.press_desk, name="house-press-desk"),
    path("entry/<int:index>/", objects.entry, name="house-entry"),
    path("file/paper/<str:language>/<path:symbol>", papers.paper_file, name="house-paper-file"),
    path("file/instrument/<path:symbol>.pdf", objects.instrument_pdf, name="house-instrument-pdf"),
    path("file/act/<path:symbol>.txt", acts.act_text, name="house-act-text"),
    path("paper/<path:symbol>/compare/", papers.compare, name="house-paper-compare"),
    path("paper/<path:symbol>/", papers.paper, name="house-paper"),
    path("draft/<path:key>/", objects.draft, name="house-draft"),
    path("question/<path:key>/", objects.question, name="house-question"),
    path("decision/<path:symbol>/", objects.decision, name="house-decision"),
    path("instrument/<path:symbol>/", acts.instrument, name="house-instrument"),
    path("release/<path:symbol>/", acts.release, name="house-release"),
    path("room/<path:key>/", room.room, name="house-room"),
    path("console/<path:key>/", room.console, name="house-console"),
    path("item/<path:key>/", item.item, name="house-item"),
    path("act/<str:name>/", act.act, name="house-act"),
    path("mine/", mine.mine, name="house-mine"),
    path("history/", histories.history, name="house-history"),
    path("notices/", notices.notices, name="house-notices"),
    path("notices/seen/", notices.seen, name="house-notices-seen"),
    path("notices/deliveries/", notices.deliveries, name="house-deliveries"),
    path("notices/<int:number>/", notices.notice, name="house-notice"),
    path("search/", finding.find, name="house-search"),
]
