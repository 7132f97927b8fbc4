"""Addresses of the desk."""

from django.urls import path

from concerted.web.desk import views

urlpatterns = [
    path("workspace/desk/", views.desk, name="desk"),
    path("workspace/desk/judge/", views.judge, name="desk-judge"),
    path("workspace/desk/judged/", views.judged, name="desk-judged"),
    path("workspace/desk/judged/<int:number>/undo/", views.undo, name="desk-undo"),
]
