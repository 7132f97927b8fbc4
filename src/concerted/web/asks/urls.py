"""Addresses of needs and offers: of the picture for everybody, of what the site keeps below the workspace."""

from django.urls import path, register_converter

from concerted.codelists.need_words import ASKS
from concerted.web.asks.views import editing, life, reading, remarks


class _Which:
    """`need` or `offer` in an address."""

    regex = "|".join(ASKS)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(_Which, "which")
urlpatterns = [
    path("needs/", reading.picture, name="needs"),
    path("needs/<str:key>/", reading.picture_one, name="needs-one"),
    path("workspace/needs/", reading.asks, name="asks"),
    path("workspace/needs/sheets/", reading.sheets, name="asks-sheets"),
    path("workspace/needs/new/<which:which>/", editing.new, name="asks-new"),
    path("workspace/needs/of/<str:statement>/", reading.of_statement, name="asks-of"),
    path("workspace/needs/<uuid:ask>/", reading.one, name="asks-one"),
    path("workspace/needs/<uuid:ask>/picture/", reading.where, name="asks-picture"),
    path("workspace/needs/<uuid:ask>/edit/", editing.edit, name="asks-edit"),
    path("workspace/needs/<uuid:ask>/merge/", editing.merge, name="asks-merge"),
    path("workspace/needs/<uuid:ask>/history/", life.history, name="asks-history"),
    path("workspace/needs/<uuid:ask>/restore/", life.restore, name="asks-restore"),
    path("workspace/needs/<uuid:ask>/not-right/", remarks.say, name="asks-remark"),
    path("workspace/needs/<uuid:ask>/remarks/<int:number>/", remarks.answer, name="asks-answer"),
    path("workspace/needs/<uuid:ask>/state/", life.state, name="asks-state"),
    path("workspace/needs/<uuid:ask>/validate/", life.validate, name="asks-validate"),
    path("workspace/needs/<uuid:ask>/assess/", life.assess, name="asks-assess"),
]
