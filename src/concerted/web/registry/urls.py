"""Addresses of activities, partners and names sought. Ids are 16 hexadecimal digits; anything else is not there."""

from django.urls import path

from concerted.web.registry import views

urlpatterns = [
    path("activities/", views.activity_list, name="activities"),
    path("activities/<str:activity>/", views.activity_page, name="activities-one"),
    path("search/", views.search, name="search"),
    path("partners/", views.partner_list, name="partners"),
    path("partners/<str:partner>/", views.partner_page, name="partners-one"),
]
