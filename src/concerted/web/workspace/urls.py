"""Addresses of the workspace's records."""

from django.urls import path

from concerted.web.workspace.views import editing, life, reading, remarks

urlpatterns = [
    path("workspace/records/", reading.records, name="records"),
    path("workspace/records/new/", editing.new, name="records-new"),
    path("workspace/records/who-sees/", editing.who_sees, name="records-audience"),
    path("workspace/records/of/<str:statement>/", reading.of_statement, name="records-of"),
    path("workspace/records/<uuid:record>/", reading.record, name="records-one"),
    path("workspace/records/<uuid:record>/picture/", reading.picture, name="records-picture"),
    path("workspace/records/<uuid:record>/edit/", editing.edit, name="records-edit"),
    path("workspace/records/<uuid:record>/merge/", editing.merge, name="records-merge"),
    path("workspace/records/<uuid:record>/step/", life.step, name="records-step"),
    path("workspace/records/<uuid:record>/history/", life.history, name="records-history"),
    path("workspace/records/<uuid:record>/restore/", life.restore, name="records-restore"),
    path("workspace/records/<uuid:record>/not-right/", remarks.say, name="records-remark"),
    path("workspace/records/<uuid:record>/propose/", remarks.propose, name="records-propose"),
    path("workspace/records/<uuid:record>/remarks/<int:number>/", remarks.answer, name="records-answer"),
]
