"""Addresses of what-ifs."""

from django.urls import path

from concerted.web.what_if import views

urlpatterns = [
    path("coverage/what-if/", views.what_if, name="coverage-what-if"),
    path("workspace/what-if/", views.saved, name="scenarios"),
    path("workspace/what-if/save/", views.save, name="scenarios-save"),
    path("workspace/what-if/<uuid:scenario>/", views.one, name="scenarios-one"),
    path("workspace/what-if/<uuid:scenario>/delete/", views.delete, name="scenarios-delete"),
]
