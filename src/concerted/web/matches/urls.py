"""Addresses of runs and matches."""

from django.urls import path

from concerted.web.matches import views

_PAIR = "workspace/matches/runs/<uuid:run>/<slug:need>/<slug:offer>/"

urlpatterns = [
    path("workspace/matches/", views.matches, name="matches"),
    path("workspace/matches/rules/", views.rules, name="matches-rules"),
    path("workspace/matches/runs/ask/", views.ask, name="matches-ask"),
    path("workspace/matches/runs/progress/", views.progress, name="matches-progress"),
    path("workspace/matches/runs/<uuid:run>/", views.run, name="matches-run"),
    path(_PAIR, views.proposal, name="matches-proposal"),
    path(f"{_PAIR}put-forward/", views.put_forward, name="matches-put-forward"),
    path("workspace/matches/<uuid:match>/", views.one, name="matches-one"),
    path("workspace/matches/<uuid:match>/step/", views.step, name="matches-step"),
    path("workspace/matches/<uuid:match>/promise/", views.promise, name="matches-promise"),
]
