"""How often one is told is one's own choice, on the page of the own account."""

import re
from typing import Any

import pytest

from web.alerts.posted import Posted, posted, soon
from web.workspace_app.kept import kept

__all__ = ["posted"]
PAGE, KEEP = "/en/account/", "/en/account/e-mail/"


def chosen(client: Any) -> str:
    (found,) = re.findall(r'<input[^>]*name="every"[^>]*value="(\w+)"[^>]* checked', client.get(PAGE).content.decode())
    return str(found)


def test_the_first_page_says_what_of_ones_own_ends(posted: Posted) -> None:
    author = posted.person("Alpha", "editor")
    kept(author, state="ongoing", end_planned_date=soon(-2))
    page = posted.workspace.client(author).get("/en/workspace/").content.decode()
    assert ">1 of your activities ends within three months, or is past its end</a>" in page
    other = posted.workspace.client(posted.person("Alpha", "editor"))
    assert "past its end" not in other.get("/en/workspace/").content.decode()


@pytest.mark.parametrize("every", ["never", "weekly", "daily"])
def test_how_often_is_kept_by_the_person_alone(posted: Posted, every: str) -> None:
    from concerted.web.alerts.models import Wish

    user, other = posted.person("Alpha", "reader"), posted.person("Alpha", "administrator")
    client = posted.workspace.client(user)
    assert chosen(client) == "daily"
    assert client.post(KEEP, {"every": every})["Location"] == PAGE
    assert chosen(client) == every
    assert list(Wish.objects.values_list("person", "every")) == [(user.pk, every)]
    assert not Wish.objects.filter(person=other).exists()


def test_a_choice_that_is_none_and_a_missing_token_change_nothing(posted: Posted) -> None:
    from concerted.web.alerts.models import Wish

    user = posted.person("Alpha", "reader")
    assert (
        "Nothing was chosen"
        in posted.workspace.client(user).post(KEEP, {"every": "hourly"}, follow=True).content.decode()
    )
    assert posted.workspace.client(user, checks_tokens=True).post(KEEP, {"every": "never"}).status_code == 403
    assert posted.workspace.client(user).get(KEEP).status_code == 405
    assert "/sign-in/" in posted.workspace.client().post(KEEP, {"every": "never"})["Location"]
    assert not Wish.objects.exists()
