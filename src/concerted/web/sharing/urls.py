"""Addresses of sharing groups."""

from django.urls import path

from concerted.web.sharing import views

urlpatterns = [
    path("workspace/groups/", views.groups, name="sharing"),
    path("workspace/groups/new/", views.new, name="sharing-new"),
    path("workspace/groups/<uuid:group>/", views.group, name="sharing-one"),
    path("workspace/groups/<uuid:group>/change/", views.change, name="sharing-change"),
    path("workspace/groups/<uuid:group>/close/", views.close, name="sharing-close"),
    path("workspace/groups/<uuid:group>/leave/", views.leave, name="sharing-leave"),
    path("workspace/look/", views.look, name="sharing-look"),
    path("workspace/look/end/", views.look_end, name="sharing-look-end"),
]
