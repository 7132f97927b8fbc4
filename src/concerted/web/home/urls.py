"""The address of the first page."""

from django.urls import path

from concerted.web.home import views

urlpatterns = [path("workspace/", views.home, name="home")]
