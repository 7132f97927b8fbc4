"""Addresses of reports and exports. A source's id may hold slashes: it is a path of the input."""

from django.urls import path

from concerted.web.reports import views

urlpatterns = [
    path("quality/", views.quality_list, name="quality"),
    path("quality/<path:source>/", views.quality_source, name="quality-source"),
    path("method/", views.method, name="method"),
    path("export/<str:page>.csv", views.export, name="export"),
]
