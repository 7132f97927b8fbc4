"""Addresses of releases."""

from django.urls import path

from concerted.web.release import views

urlpatterns = [
    path("releases/", views.releases, name="releases"),
    path("releases/<int:number>/", views.one, name="releases-one"),
    path("workspace/release/", views.make, name="release"),
    path("workspace/release/changes/", views.changes, name="release-changes"),
    path("workspace/release/progress/", views.progress, name="release-progress"),
    path("workspace/release/withdraw/", views.withdraw, name="release-withdraw"),
]
