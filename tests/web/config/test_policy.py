"""An endpoint without a declared policy does not start."""

import subprocess
import sys

from web.site import Site


def test_every_address_of_the_site_declares_its_policy(site: Site) -> None:
    from concerted.web.config.policy import every_endpoint_declares_its_policy, undeclared

    assert undeclared() == []
    assert every_endpoint_declares_its_policy() == []


def test_a_view_without_a_policy_is_found_wherever_it_hangs(site: Site) -> None:
    from django.http import HttpRequest, HttpResponse
    from django.urls import include, path

    from concerted.web.config.policy import Access, declares, undeclared

    def bare(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    @declares(Access.OPEN)
    def declared(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    patterns = [path("a/", declared), path("b/", include([path("c/", bare)]))]
    assert undeclared(patterns) == ["c/"]


def test_the_site_does_not_start_with_an_undeclared_view(site: Site) -> None:
    program = """
from concerted.web.config import urls
from django.http import HttpResponse
from django.urls import path
urls.urlpatterns.append(path("bare/", lambda request: HttpResponse()))
import concerted.web.config.wsgi
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert run.returncode != 0
    assert "views without a declared policy: bare/" in run.stderr
