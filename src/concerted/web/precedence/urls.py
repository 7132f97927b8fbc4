"""Addresses of which source counts."""

from django.urls import path

from concerted.web.precedence import views

urlpatterns = [path("workspace/sources/", views.sources, name="precedence")]
