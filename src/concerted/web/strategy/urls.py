"""Addresses of the strategy's life."""

from django.urls import path

from concerted.web.strategy.views import keeping, reading, relating, remapping

urlpatterns = [
    path("workspace/strategy/", reading.strategy, name="strategy"),
    path("workspace/strategy/load/", keeping.load, name="strategy-load"),
    path("workspace/strategy/take-over/", keeping.take_over, name="strategy-take-over"),
    path("workspace/strategy/keep/", keeping.keep, name="strategy-keep"),
    path("workspace/strategy/crosswalks/", relating.crosswalks, name="strategy-crosswalks"),
    path("workspace/strategy/crosswalks/relate/", relating.relate, name="strategy-relate"),
    path("workspace/strategy/regional-bodies/", reading.regional_bodies, name="strategy-bodies"),
    path("workspace/strategy/<uuid:version>/", reading.version, name="strategy-version"),
    path("workspace/strategy/<uuid:version>/step/", keeping.step, name="strategy-step"),
    path("workspace/strategy/<uuid:version>/strategy.<str:ending>", reading.file, name="strategy-file"),
    path("workspace/strategy/<uuid:version>/against/<uuid:other>/", reading.against, name="strategy-against"),
    path("workspace/strategy/<uuid:version>/lines-of/<uuid:other>/", remapping.remap, name="strategy-remap"),
]
