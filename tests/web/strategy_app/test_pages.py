"""Pages of the strategy: what is wrong before it is kept, who reads which version, where lines go."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from concerted.codelists.frameworks import WHOLE
from web.workspace import Workspace

from .plans import NODES, adopted, as_file, document, kept, secretary, step


def load(client: Any, stated: dict[str, Any] | bytes, name: str = "plan.yml", lang: str = "en") -> Any:
    data = stated if isinstance(stated, bytes) else as_file(stated)
    return client.post(f"/{lang}/workspace/strategy/load/", {"file": SimpleUploadedFile(name, data)}, follow=True)


def test_a_file_is_shown_with_what_is_wrong_and_nothing_is_kept(workspace: Workspace) -> None:
    from concerted.web.strategy.models import Upload, Version

    client = workspace.client(secretary(workspace))
    wrong = document(nodes=[*NODES, {"id": "A", "name": {"en": "Again"}}, {"id": "D", "parent": "Z", "name": {}}])
    page = load(client, wrong).content.decode()
    assert "3 things to mend" in page
    assert "&#x27;A&#x27; is used twice" in page
    assert "concerted-strategy-" not in page  # the folder in which it was read
    assert "« A » sert deux fois" in load(client, wrong, lang="fr").content.decode()
    assert "مستعمل مرتين" in load(client, wrong, lang="ar").content.decode()
    assert not Upload.objects.exists()
    named = document(nodes=[{"id": "A", "name": {"en": "Ask Mrs Aminata Traore, a.traore@example.org"}}])
    page = load(client, named).content.decode()
    assert "to mend" in page
    assert not Upload.objects.exists()
    assert not Version.objects.exists()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("plan.xlsx", b"PK\x03\x04 no workbook"),
        ("plan.yml", b"[" * 20_000),
        ("plan.yml", b"\xff\xfe"),
        ("plan.exe", b"MZ"),
        ("plan.yml", b"a: &a [x, x]\n" + b"".join(b"b%d: [*a, *a]\n" % n for n in range(9))),
        ("plan.yml", b"- 1\n"),
        ("plan.yml", b""),
    ],
)
def test_what_is_no_strategy_is_refused_with_a_sentence(workspace: Workspace, name: str, data: bytes) -> None:
    answer = load(workspace.client(secretary(workspace)), data or b" ", name)
    assert answer.status_code == 200
    assert 'id="problems"' in answer.content.decode()


def test_a_file_is_looked_at_kept_and_led_into_force(both: Workspace) -> None:
    from concerted.web.strategy.models import Version

    client = both.client(secretary(both))
    page = load(client, document(status="adopted", adopted_by="Decree", adopted_date="2026-01-01")).content.decode()
    assert "Nothing is wrong with it" in page
    held = page.partition('name="held" value="')[2].partition('"')[0]
    page = client.post("/en/workspace/strategy/keep/", {"held": held}, follow=True).content.decode()
    version = Version.objects.get()
    assert 'aria-current="step">draft' in page  # whatever the file says
    address = f"/en/workspace/strategy/{version.pk}/"
    for to, more in (("consultation", {}), ("adopted", {"act": "Decree 7", "day": "2026-02-01"})):
        began = page.partition('name="began" value="')[2].partition('"')[0]
        page = client.post(f"{address}step/", {"began": began, "to": to, **more}, follow=True).content.decode()
    assert 'aria-current="step">adopted' in page
    assert "Decree 7" in page
    page = client.post(f"{address}step/", {"began": "1", "to": "review"}, follow=True).content.decode()
    assert "Somebody has taken another step meanwhile" in page
    assert version.steps.count() == 3


def test_an_act_that_holds_what_is_stored_nowhere_is_refused_on_the_page_and_in_the_file(workspace: Workspace) -> None:
    from concerted.web.strategy.models import Version

    user = secretary(workspace)
    client, version = workspace.client(user), kept(user)
    step(user, version, "consultation")
    address, named = f"/en/workspace/strategy/{version.pk}/", "Decree 7, ask a.traore@example.org"
    sent = {"began": str(version.steps.last().sequence), "to": "adopted", "act": named, "day": "2026-02-01"}
    page = client.post(f"{address}step/", sent, follow=True).content.decode()
    assert "these words are not stored here" in page
    assert "a.traore" not in page
    assert version.steps.count() == 2
    page = client.post(f"{address}step/", sent | {"act": "Décret n° 2018-0073/P-RM du 1er février 2018"}, follow=True)
    assert 'aria-current="step">adopted' in page.content.decode()
    page = load(client, document("2", status="adopted", adopted_by=named, adopted_date="2026-01-01")).content.decode()
    assert "to mend" in page
    assert Version.objects.count() == 1


def test_a_draft_is_the_secretariats_alone_and_a_consultation_everybodys(workspace: Workspace) -> None:
    user = secretary(workspace)
    version = kept(user)
    partner = workspace.client(workspace.person(workspace.partner("Alpha"), "donor", "reader"))
    address = f"/en/workspace/strategy/{version.pk}/"
    absent = partner.get(f"/en/workspace/strategy/{'0' * 8}-0000-0000-0000-{'0' * 12}/")
    hidden = [
        partner.get(address),
        partner.get(f"{address}strategy.yml"),
        partner.get(f"{address}against/{version.pk}/"),
    ]
    assert [(answer.status_code, answer.content) for answer in hidden] == [(404, absent.content)] * 3
    assert "National plan" not in partner.get("/en/workspace/strategy/").content.decode().partition("<main")[2]
    step(user, version, "consultation")
    assert partner.get(address).status_code == 200
    assert "Next step" not in partner.get(address).content.decode()
    shelved = kept(user, "2")
    step(user, shelved, "superseded")
    assert partner.get(f"/en/workspace/strategy/{shelved.pk}/").status_code == 404


@pytest.mark.parametrize("lang", ["fr", "en", "ar"])
def test_pages_are_there_in_three_languages_and_light(workspace: Workspace, lang: str) -> None:
    user = secretary(workspace)
    first, second = adopted(user), kept(user, "2", [NODES[0], {"id": "D", "parent": "A", "name": {"en": "Wells"}}])
    client = workspace.client(user)
    base = f"/{lang}/workspace/strategy/"
    for page in ("", "load/", "crosswalks/", "regional-bodies/?day=2020-01-01", f"{first.pk}/", f"{second.pk}/",
                 f"{second.pk}/against/{first.pk}/", f"{second.pk}/lines-of/{first.pk}/"):  # fmt: skip
        answer = client.get(base + page)
        assert answer.status_code == 200, page
        assert len(answer.content) < 60_000, page


def test_lines_are_placed_on_the_page_and_kept_once_all_are(both: Workspace) -> None:
    from concerted.web.strategy.models import Remap

    user = secretary(both)
    new = [NODES[0], {"id": "D", "parent": "A", "name": {"en": "Deep"}}, {"id": "E", "name": {"en": "Schools"}}]
    first, second = adopted(user), kept(user, "2", new)
    client = both.client(user)
    address = f"/en/workspace/strategy/{second.pk}/lines-of/{first.pk}/"
    page = client.get(address).content.decode()
    assert "1 line still to be placed" in page  # A by its id, C by its name
    fields = {"to-0": ["A"], "share-0": ["100"], "to-1": ["D · Deep", "E", ""], "share-1": ["66,6667", "33.33", ""],
              "to-2": ["E"], "share-2": [""]}  # fmt: skip
    page = client.post(address, {**fields, "keep": "1"}).content.decode()
    assert "the shares sum to 99.9967 %, not to 100" in page
    assert not Remap.objects.exists()
    page = client.post(address, {**fields, "share-1": ["66.6667", "a third", ""], "keep": "1"}).content.decode()
    assert "“a third” is no share" in page
    answer = client.post(address, {**fields, "share-1": ["66.6667", "33.3333", ""], "keep": "1"})
    assert answer.status_code == 302
    assert Remap.objects.get().shares == {"A": {"A": WHOLE}, "B": {"D": 666_667, "E": 333_333}, "C": {"E": WHOLE}}


def test_totals_before_and_after_are_the_editions_own_to_the_cent(workspace: Workspace, cold: Any) -> None:
    from concerted.marking import Viewer
    from concerted.strategies.remap import suggested
    from concerted.web.config.middleware import current
    from concerted.web.edition.scope import Scope
    from concerted.web.strategy import queries

    edition = current().get().edition  # type: ignore[union-attr]
    nodes = [
        {"id": n.id, "name": {"en": n.label("en")}} | ({"parent": n.parent_id} if n.parent_id else {})
        for n in edition.frameworks["plan"].nodes.values()
    ]
    from .plans import framework

    old = framework("1", nodes)
    leaf = next(n for n in reversed(nodes) if "parent" in n)
    new = framework(
        "2",
        [n for n in nodes if n is not leaf] + [{"id": "N1", "name": {"en": "x"}}, {"id": "N2", "name": {"en": "y"}}],
    )
    shares = suggested(old, new) | {leaf["id"]: {"N1": 333_333, "N2": 666_667}}
    for viewer in (Viewer(), Viewer(person="p", organisation="o")):
        scope = Scope(viewer, edition)
        (kind, *_rest) = queries.kinds_of_money(scope, "plan")
        found = queries.totals(scope, old, new, shares, kind)
        assert found.total_before == found.total_after
        ((low, high),) = scope.rows(
            "SELECT sum(low_usd), sum(high_usd) FROM out_allocation"
            f" WHERE framework_id = 'plan' AND finance_kind = $kind AND {scope.filter.sql()}",
            {"kind": kind},
        )
        assert (found.total_after.low, found.total_after.high) == (low, high)
        moved = found.before[leaf["id"]]
        assert found.after["N1"].high + found.after["N2"].high == moved.high
        assert moved.high > 0


def test_the_file_of_the_picture_is_taken_over_as_adopted(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.conf import settings

    from concerted.rebuild import Asked, keep_request
    from concerted.steps import BuildRequest
    from concerted.web.strategy import queries

    (tmp_path / "plan.yml").write_bytes(
        as_file(document(status="adopted", adopted_by="Decree 3", adopted_date="2026-01-01"))
    )
    keep_request(tmp_path, Asked((), BuildRequest(tmp_path / "plan.yml")))
    monkeypatch.setattr(settings, "CONCERTED_DATA", tmp_path)
    client = workspace.client(secretary(workspace))
    assert "Take it over" in client.get("/en/workspace/strategy/").content.decode()
    page = client.post("/en/workspace/strategy/take-over/", follow=True).content.decode()
    held = page.partition('name="held" value="')[2].partition('"')[0]
    client.post("/en/workspace/strategy/keep/", {"held": held})
    lived = queries.in_force()
    assert lived is not None
    assert (lived.framework.adopted_by, lived.framework.adopted_date) == ("Decree 3", date(2026, 1, 1))
    assert "Take it over" not in client.get("/en/workspace/strategy/").content.decode()


def test_two_lines_are_related_and_the_relation_is_taken_back(workspace: Workspace) -> None:
    from concerted.web.strategy import queries

    client = workspace.client(secretary(workspace))
    address = "/en/workspace/strategy/crosswalks/"
    page = client.get(f"{address}?from=un-gcts&to=plan").content.decode()
    source = page.partition('name="source"')[2].partition('<option value="')[2].partition('"')[0]
    target = page.partition('name="target"')[2].partition('<option value="')[2].partition('"')[0]
    said = {"source": source, "target": target, "relation": "narrower", "note": "By its own definition"}
    client.post(f"{address}relate/?from=un-gcts&to=plan", said)
    (row,) = queries.relations()
    assert (row.from_framework, row.to_framework, row.relation) == ("un-gcts", "plan", "narrower")
    assert "By its own definition" in client.get(address).content.decode()
    client.post(f"{address}relate/?from=un-gcts&to=plan", {**said, "note": "Ask jean@example.org"})
    assert len(queries.relations()) == 1
    client.post(f"{address}relate/", {"take_back": str(row.pk)})
    assert queries.relations() == []


def test_who_belonged_on_a_day_is_shown(workspace: Workspace) -> None:
    client = workspace.client(workspace.person(workspace.partner("Alpha"), "donor", "reader"))
    pages = [
        client.get(f"/en/workspace/strategy/regional-bodies/?day={day}").content.decode()
        for day in ("2025-01-28", "2025-01-29", "no day")
    ]
    assert "Mali · Mauritania" not in pages[0]
    assert pages[0].count("Mali") == pages[1].count("Mali") + 1
    assert "Regional bodies" in pages[2]
