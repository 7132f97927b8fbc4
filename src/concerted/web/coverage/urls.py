"""Addresses of the coverage pages."""

from django.urls import path

from concerted.web.coverage import views

urlpatterns = [
    path("", views.overview, name="overview"),
    path("coverage/", views.coverage, name="coverage"),
    path("coverage/cell/", views.cell_page, name="coverage-cell"),
    path("coverage/map/", views.map_page, name="coverage-map"),
    path("coverage/timeline/", views.timeline, name="coverage-timeline"),
]
