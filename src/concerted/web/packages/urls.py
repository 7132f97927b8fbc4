"""Addresses of packages."""

from django.urls import path

from concerted.web.packages import views

_ONE = "workspace/packages/<uuid:package>/"
_PART = f"{_ONE}parts/<int:part>/"

urlpatterns = [
    path("workspace/packages/", views.packages, name="packages"),
    path("workspace/packages/new/", views.new, name="packages-new"),
    path(_ONE, views.one, name="packages-one"),
    path(f"{_ONE}brief/", views.brief, name="packages-brief"),
    path(f"{_ONE}change/", views.change, name="packages-change"),
    path(f"{_ONE}put-forward/", views.put_forward, name="packages-put-forward"),
    path(f"{_ONE}end/", views.end, name="packages-end"),
    path(f"{_ONE}add/", views.add, name="packages-add"),
    path(_PART, views.part, name="packages-part"),
    path(f"{_PART}remove/", views.remove, name="packages-remove"),
    path(f"{_PART}answer/", views.answer, name="packages-answer"),
]
