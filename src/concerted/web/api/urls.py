"""Addresses of the interface, which have no language, and of its pages, which have one."""

from django.urls import path, re_path

from concerted.web.api import views
from concerted.web.api.interface import api
from concerted.web.api.mounting import mounted

#: Below `interface.ROOT`.
programs = [
    path("openapi.json", views.openapi, name="api-openapi"),
    *mounted(api),
    re_path(r"", views.nothing, name="api-nothing"),
]
urlpatterns = [
    path("account/tokens/", views.tokens, name="tokens"),
    path("account/tokens/<uuid:token>/revoke/", views.revoke, name="tokens-revoke"),
    path("programs/", views.reference, name="programs"),
]
