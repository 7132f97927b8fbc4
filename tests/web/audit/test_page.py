"""The page "who saw our data": one's own organisation's, and nobody else's."""

from uuid import uuid4

from web.workspace import Workspace


def test_the_page_tells_who_did_what_with_our_data(both: Workspace) -> None:
    from concerted.web.audit.actions import Act, Who, record

    alpha, beta = both.partner("Alpha"), both.partner("Beta")
    signer = both.person(alpha, "signer", name="Our Signer")
    stranger = both.person(beta, "reader", name="Their Reader")
    record(Who(stranger.pk, beta.pk, "page"), Act("saw", "activity", "a1b2c3d4e5f6a7b8", alpha.pk))
    record(Who(signer.pk, alpha.pk, "api"), Act("exported", "export", "activities", alpha.pk))
    record(Who(signer.pk, alpha.pk, "page"), Act("saw", "activity", "of-beta", beta.pk))
    text = both.client(signer).get("/en/workspace/audit/").content.decode()
    assert "Beta" in text
    assert "Our Signer" in text
    assert "Their Reader" not in text  # who works for another organisation is not told
    assert "of-beta" not in text
    assert "signed in" not in text  # what happens to accounts is for administrators


def test_administrators_also_see_what_happens_to_accounts(workspace: Workspace) -> None:
    admin = workspace.person(workspace.partner("Alpha"), "administrator")
    text = workspace.client(admin).get("/en/workspace/audit/").content.decode()
    assert "signed in" in text
    assert admin.name in text


def test_the_page_goes_on_and_narrows(workspace: Workspace) -> None:
    import re

    from concerted.web.audit.actions import Act, Who, record
    from concerted.web.audit.queries import PAGE

    alpha = workspace.partner("Alpha")
    for _ in range(PAGE + 3):
        record(Who(uuid4(), uuid4(), "page"), Act("saw", "activity", "x", alpha.pk))
    record(Who(uuid4(), uuid4(), "page"), Act("changed", "activity", "x", alpha.pk))
    client = workspace.client(workspace.person(alpha, "signer"))
    first = client.get("/en/workspace/audit/").content.decode()
    older = re.search(r'rel="next" href="(\?before=\d+)"', first)
    assert older
    assert client.get(f"/en/workspace/audit/{older[1]}").content.decode().count("<tr>") == 1 + 4
    assert "<td>changed</td>" in first
    assert "<td>changed</td>" not in client.get("/en/workspace/audit/?only=sights").content.decode()
    assert client.get("/en/workspace/audit/?before=x").status_code == 404


def test_every_action_and_channel_has_its_words(workspace: Workspace) -> None:
    from concerted.web.audit.actions import ACTIONS, CHANNELS
    from concerted.web.audit.words import action_word, channel_word

    assert all(action_word(each) for each in ACTIONS)
    assert all(channel_word(each) for each in CHANNELS)
