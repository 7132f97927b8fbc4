"""Addresses of the inbox."""

from django.urls import path

from concerted.web.inbox import views

urlpatterns = [
    path("workspace/inbox/", views.inbox, name="inbox"),
    path("workspace/inbox/sheets/", views.sheets, name="inbox-sheets"),
    path("workspace/inbox/<uuid:upload>/", views.one, name="inbox-one"),
    path("workspace/inbox/<uuid:upload>/progress/", views.progress, name="inbox-progress"),
    path("workspace/inbox/<uuid:upload>/columns/", views.columns, name="inbox-columns"),
    path("workspace/inbox/<uuid:upload>/accept/", views.accept, name="inbox-accept"),
    path("workspace/inbox/<uuid:upload>/put-away/", views.put_away, name="inbox-put-away"),
    path("workspace/inbox/receipts/<uuid:receipt>/", views.receipt, name="inbox-receipt"),
    path("workspace/inbox/receipts/<uuid:receipt>/progress/", views.receipt_progress, name="inbox-receipt-progress"),
    path("workspace/inbox/receipts/<uuid:receipt>/undo/", views.undo, name="inbox-undo"),
]
