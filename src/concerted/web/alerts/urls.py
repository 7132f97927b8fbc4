"""Addresses of what waits for a person."""

from django.urls import path

from concerted.web.alerts import views

urlpatterns = [path("account/e-mail/", views.keep_wish, name="alerts-wish")]
