"""Addresses of the chain of money."""

from django.urls import path

from concerted.web.chain import views

urlpatterns = [path("money/", views.money, name="money")]
