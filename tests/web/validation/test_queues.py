"""The queues: changed values only, some or all of one partner at once, and nothing of what is not for the reader."""

import re
from typing import Any

from web.validation.test_gates import change, secretary, sign, stand, validate
from web.workspace import Workspace
from web.workspace_app.kept import editor, kept

SIGN, VALIDATE = "/en/workspace/sign-off/", "/en/workspace/validation/"


def text(answer: Any) -> str:
    found: str = answer.content.decode()
    return found


def chosen(page: str, organisation: Any) -> dict[str, Any]:
    """What the form sends when an organisation is ticked whole."""
    name = f"of-{organisation.pk}"
    return {"all": str(organisation.pk), name: re.findall(rf'name="{name}" value="([^"]+)"', page)}


def test_only_what_has_changed_is_shown_to_who_signs(workspace: Workspace) -> None:
    author, signer = editor(workspace), editor(workspace, "Alpha", "signer")
    record = kept(author, title="Wells of the valley")
    sign(signer, record)
    change(author, record, "Wells of the hill")
    page = text(workspace.client(signer).get(SIGN))
    assert "<del><bdi>Wells of the valley</bdi></del>" in page
    assert "<ins><bdi>Wells of the hill</bdi></ins>" in page
    assert "Planned" not in page  # the state is as it was


def test_twenty_changes_of_one_partner_are_validated_by_one_form(workspace: Workspace) -> None:
    author, signer, secretary_ = editor(workspace), editor(workspace, "Alpha", "signer"), secretary(workspace)
    records = [kept(author, title=f"No {n}") for n in range(20)]
    other = kept(editor(workspace, "Beta"), title="Theirs")
    client = workspace.client(signer)
    answer = client.post(f"{SIGN}decide/", chosen(text(client.get(SIGN)), author.partner), follow=True)
    assert "20 activities were signed off" in text(answer)
    sign(editor(workspace, "Beta", "signer"), other)
    client = workspace.client(secretary_)
    page = text(client.get(VALIDATE))
    assert "21 activities wait" in page
    answer = client.post(f"{VALIDATE}decide/", chosen(page, author.partner), follow=True)
    assert "20 activities were validated" in text(answer)
    assert {stand(each).state for each in records} == {"validated"}
    assert stand(other).state == "signed"
    assert len(page.encode()) < 150_000


def test_what_was_changed_after_it_was_shown_is_not_validated(workspace: Workspace) -> None:
    author, signer, secretary_ = editor(workspace), editor(workspace, "Alpha", "signer"), secretary(workspace)
    record = kept(author)
    sign(signer, record)
    client = workspace.client(secretary_)
    form = chosen(text(client.get(VALIDATE)), author.partner)
    sign(signer, change(author, record, "Quite another thing"))
    answer = client.post(f"{VALIDATE}decide/", form, follow=True)
    assert "changed or decided on meanwhile" in text(answer)
    assert stand(record).state == "signed"


def test_the_secretariat_reads_only_what_is_marked_for_it_and_that_is_noted(workspace: Workspace) -> None:
    from concerted.web.audit.models import Entry

    author, signer, secretary_ = editor(workspace), editor(workspace, "Alpha", "signer"), secretary(workspace)
    own = f"AMBER+STRICT:{author.partner_id}"
    shown, hidden = (
        kept(author, title="For partners", marking_key="GREEN"),
        kept(author, title="Zzown", marking_key=own),
    )
    was_hidden = kept(author, title="Zzbefore", marking_key=own)
    sign(signer, shown, hidden, was_hidden)
    opened = change(author, was_hidden, "Opened since")
    sign(signer, opened)
    page = text(workspace.client(secretary_).get(VALIDATE))
    assert "For partners" in page
    assert "Opened since" in page
    assert "Zzown" not in page
    assert "Zzbefore" not in page
    assert "2 activities wait" in page
    assert Entry.objects.filter(action="saw", object_kind="queue", owner=author.partner_id).count() == 1
    client = workspace.client(secretary_)
    for form in (
        {"item": f"{hidden.pk}:{hidden.version}"},
        {"back": f"{hidden.pk}:{hidden.version}", f"reason-{hidden.pk}": "Why"},
    ):
        assert client.post(f"{VALIDATE}decide/", form).status_code == 404
    assert stand(hidden).state == "signed"


def test_what_a_version_said_when_it_was_not_for_the_secretariat_is_not_told_as_the_old_value(
    workspace: Workspace,
) -> None:
    author, signer, secretary_ = editor(workspace), editor(workspace, "Alpha", "signer"), secretary(workspace)
    record = kept(author, title="First", marking_key="GREEN")
    sign(signer, record)
    validate(secretary_, record)
    closed = change(author, record, "Zzclosed", marking_key=f"AMBER+STRICT:{author.partner_id}")
    sign(signer, closed)
    opened = change(author, closed, "Third", marking_key="GREEN")
    sign(signer, opened)
    page = text(workspace.client(secretary_).get(VALIDATE))
    assert "<del><bdi>First</bdi></del>" in page
    assert "Third" in page
    assert "Zzclosed" not in page


def test_who_has_no_business_there_finds_nothing(workspace: Workspace) -> None:
    author, signer = editor(workspace), editor(workspace, "Alpha", "signer")
    record = kept(author)
    item = {"item": f"{record.pk}:1"}
    for user in (author, secretary(workspace, "reader"), editor(workspace, "Beta", "reader")):
        client = workspace.client(user)
        for path in (SIGN, VALIDATE):
            assert client.get(path).status_code == 404
            assert client.post(f"{path}decide/", item).status_code == 404
    stranger = workspace.client(editor(workspace, "Beta", "signer"))
    assert stranger.post(f"{SIGN}decide/", item).status_code == 404
    client = workspace.client(signer)
    assert client.get(VALIDATE).status_code == 404
    assert client.get(f"{SIGN}decide/").status_code == 405
    for wrong in ("", "x", f"{record.pk}", f"{record.pk}:-1", f"{record.pk}:9999999999", f"{{{record.pk}}}:1"):
        assert client.post(f"{SIGN}decide/", {"item": wrong}).status_code == 404
    assert stand(record).state == "waiting"
    assert workspace.client(signer, checks_tokens=True).post(f"{SIGN}decide/", item).status_code == 403


def test_it_is_sent_back_from_the_queue_and_the_owner_reads_why(workspace: Workspace) -> None:
    author, signer, secretary_ = editor(workspace), editor(workspace, "Alpha", "signer"), secretary(workspace)
    record = kept(author)
    sign(signer, record)
    client = workspace.client(secretary_)
    form = {"back": f"{record.pk}:1", f"reason-{record.pk}": "Which year is meant?"}
    assert "1 activity was sent back" in text(client.post(f"{VALIDATE}decide/", form, follow=True))
    assert "Which year is meant?" in text(workspace.client(signer).get(SIGN))
    path = f"/en/workspace/records/{record.pk}/"
    assert "Which year is meant?" in text(workspace.client(author).get(path))
    assert "Which year is meant?" in text(client.get(path))
    stranger = workspace.client(editor(workspace, "Beta"))
    assert "Which year is meant?" not in text(stranger.get(path))
    assert "no reason" not in text(client.post(f"{VALIDATE}decide/", {"back": f"{record.pk}:1"}, follow=True))


def test_lists_and_pages_of_records_say_how_far_they_have_come(workspace: Workspace) -> None:
    author, signer = editor(workspace), editor(workspace, "Alpha", "signer")
    record = kept(author)
    client = workspace.client(author)
    assert "Waits to be signed off" in text(client.get("/en/workspace/records/"))
    own = kept(author, title="Own", marking_key=f"AMBER+STRICT:{author.partner_id}")
    secretary(workspace)
    assert "so it cannot validate it" in text(client.get(f"/en/workspace/records/{own.pk}/"))
    assert "so it cannot validate it" not in text(client.get(f"/en/workspace/records/{record.pk}/"))
    sign(signer, record)
    assert "waits to be validated" in text(client.get(f"/en/workspace/records/{record.pk}/"))
