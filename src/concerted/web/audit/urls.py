"""The address of the log."""

from django.urls import path

from concerted.web.audit import views

urlpatterns = [path("workspace/audit/", views.audit, name="audit")]
