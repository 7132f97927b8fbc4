"""Addresses of safeguards."""

from django.urls import path

from concerted.web.safeguards import views

urlpatterns = [
    path("workspace/safeguards/", views.safeguards, name="safeguards"),
    path("workspace/safeguards/<uuid:record>/", views.assess, name="safeguards-assess"),
]
