"""Addresses of the two gates."""

from django.urls import path

from concerted.web.validation import views

urlpatterns = [
    path("workspace/sign-off/", views.signoff, name="signoff"),
    path("workspace/sign-off/decide/", views.sign, name="signoff-decide"),
    path("workspace/validation/", views.validation, name="validation"),
    path("workspace/validation/decide/", views.validate, name="validation-decide"),
]
