"""What each person is told by e-mail: once, in few lines, and nothing that a leaked mailbox must not tell."""

import smtplib
from typing import Any

import pytest

from web.alerts.posted import SITE, Posted, posted, soon
from web.validation.test_gates import change, send_back, sign, validate
from web.workspace_app.kept import actor, kept

__all__ = ["posted"]


def to(letters: list[Any], user: Any) -> list[str]:
    return [each.body for each in letters if each.to == [user.email]]


def test_a_signer_is_told_once_and_then_nothing_until_something_changes(posted: Posted) -> None:
    author, signer = posted.person("Alpha", "editor"), posted.person("Alpha", "signer")
    record = kept(author)
    (text,) = to(posted.send(), signer)
    assert "• 1 activity waits to be signed off: “\u2068Wells of the valley\u2069”" in text
    assert f"{SITE}/en/workspace/" in text
    assert posted.send(days=1) == []
    record = change(author, record, "Wells of the hill")
    assert len(to(posted.send(days=2), signer)) == 1
    sign(signer, record)
    assert posted.send(days=3) == []


def test_what_is_new_is_counted_beside_all_that_waits(posted: Posted) -> None:
    author, signer = posted.person("Alpha", "editor"), posted.person("Alpha", "signer")
    kept(author, title="First")
    posted.send()
    for title in ("Second", "Third", "Fourth", "Fifth"):
        kept(author, title=title)
    (line,) = posted.lines(signer, days=1)
    assert line.startswith("4 activities wait to be signed off (5 in all): “\u2068Second\u2069”")
    assert line.endswith("1 other")
    assert "First" not in line


def test_what_one_entered_oneself_waits_for_another_signer(posted: Posted) -> None:
    one, other = posted.person("Alpha", "signer"), posted.person("Alpha", "signer")
    kept(one)
    assert posted.lines(one) == []
    assert len(posted.lines(other)) == 1
    other.is_active = False
    other.save()
    assert len(posted.lines(one)) == 1  # now nobody else can


def test_the_secretariat_is_told_what_it_may_validate_and_the_owner_what_came_back(posted: Posted) -> None:
    author, signer = posted.person("Alpha", "editor"), posted.person("Alpha", "signer")
    secretary = posted.person("Secretariat", "secretariat", "editor")
    shown = kept(author)
    hidden = kept(author, title="Own", marking_key=f"AMBER+STRICT:{author.partner_id}")
    sign(signer, shown, hidden)
    (line,) = posted.lines(secretary)
    assert line.startswith("1 activity waits to be validated: “\u2068Wells of the valley\u2069”")
    send_back(secretary, shown, "Since when?", is_secretariats=True)
    assert posted.lines(secretary) == []
    for user in (author, signer):
        assert [line for line in posted.lines(user) if line.startswith("1 of your activities was sent back")]
    sign(signer, shown)
    validate(secretary, shown)
    assert posted.lines(author) == posted.lines(secretary) == []


def test_who_looks_after_a_record_is_told_what_others_say_and_when_it_ends(posted: Posted) -> None:
    from concerted.web.workspace.actions.remarks import answer, remark

    holder, colleague = posted.person("Alpha", "editor"), posted.person("Alpha", "editor")
    other = posted.person("Beta", "editor")
    record = kept(holder, state="ongoing", end_planned_date=soon(30))
    kept(holder, title="Later", state="ongoing", end_planned_date=soon(200))
    kept(holder, title="Over and said so", state="completed", end_planned_date=soon(-30))
    given = remark(actor(other), record, 1, "The village is another one")
    said, ends = posted.lines(holder)
    assert said.startswith("1 remark of others on your activities waits for an answer")
    assert (
        ends == "1 of your activities ends within three months, or is past its end: “\u2068Wells of the valley\u2069”"
    )
    assert posted.lines(colleague) == posted.lines(other) == []
    holder.is_active = False
    holder.save()
    assert len(posted.lines(colleague)) == 2  # nobody looks after it any more
    posted.send()
    assert posted.lines(colleague, days=1) == []
    (over,) = posted.lines(colleague, days=31)  # soon was told, that it is past is new
    assert "past its end" in over
    answer(actor(colleague), given, "It is this one")
    assert [each for each in posted.lines(colleague, days=31) if "remark" in each] == []


def test_an_edition_and_a_step_of_the_strategy_are_news_to_all_but_who_made_them(posted: Posted) -> None:
    from concerted.web.release.models import Kind, Release
    from concerted.web.strategy.models import Status, Step, Version

    reader = posted.person("Beta", "reader", factor=False)
    secretary = posted.person("Secretariat", "secretariat", "signer")
    Release.objects.create(
        kind=Kind.RELEASED, edition="e", public_id="p", shown="e", note="Spring", as_of="2026-11-01",
        made_by=secretary.pk, channel="page",
    )  # fmt: skip
    version = Version.objects.create(framework_id="national", name="2027-2031", text="{}")
    Step.objects.create(sequence=1, version=version, status=Status.DRAFT, made_by=secretary.pk)
    assert posted.lines(reader) == ["A new edition is public, as of 1 November 2026"]
    Step.objects.create(sequence=2, version=version, status=Status.CONSULTATION, made_by=secretary.pk)
    assert posted.lines(reader)[1:] == ["A version of the strategy is in consultation"]
    assert posted.lines(secretary) == []
    assert posted.lines(reader, days=31) == []  # no news any more
    posted.send()
    Release.objects.create(
        kind=Kind.WITHDRAWN, edition="e", public_id="p", before="e", note="Wrong", made_by=secretary.pk, channel="page"
    )
    assert posted.lines(reader, days=1) == []
    late = posted.person("Beta", "reader", factor=False)
    type(late).objects.filter(pk=late.pk).update(created_at=version.made_at.replace(year=version.made_at.year + 1))
    assert posted.lines(late) == []  # what was before one came is no news


def test_files_that_were_brought_and_due_diligence_wait_for_their_people(posted: Posted) -> None:
    from concerted.web.inbox.models import State, Upload
    from web.safeguards.test_due_diligence import support

    author = posted.person("Alpha", "editor")
    focal = posted.person("Beta", "rights", "reader")
    kinds = {"owner": author.partner, "sha256": "0" * 64, "size": 1, "marking_key": "CLEAR", "language": "en"}
    Upload.objects.create(holder=author, name="mine.xlsx", ending="xlsx", state=State.READY, **kinds)
    Upload.objects.create(holder=author, name="done.xlsx", ending="xlsx", state=State.CLOSED, **kinds)
    other = posted.person("Alpha", "editor")
    support(author, marking_key="CLEAR")
    support(author, title="Kept from them", marking_key=f"AMBER+STRICT:{author.partner_id}")
    assert posted.lines(author) == ["1 file that you brought waits for you"]
    assert posted.lines(other) == []
    # What the support is for stays out of mailboxes, even where its title is public.
    assert posted.lines(focal) == ["1 activity waits for due diligence"]


def test_a_partner_is_asked_once_about_a_part_and_again_when_the_package_says_otherwise(posted: Posted) -> None:
    from concerted.web.packages.actions import Heading, change
    from web.packages_app import bundled

    record = kept(posted.person("Alpha", "editor"))
    signer, reader = posted.person("Alpha", "signer"), posted.person("Alpha", "reader")
    keeper = posted.person("Coordination", "coordination", "signer")
    package = bundled.package(keeper)
    part = bundled.take_statement(keeper, package, record.statement, signer.partner)
    sign(signer, record)
    assert posted.lines(signer) == [], "a draft of others is nobody's business"
    bundled.ask(keeper, package)
    (text,) = to(posted.send(), signer)
    assert "1 part of ours stands in a package: may it be shown?" in text
    assert "Justice for the valley" not in text
    assert record.title not in text
    assert posted.lines(reader) == [], "who only reads answers for nobody"
    assert posted.send(days=1) == []
    now = bundled.now(package)
    change(actor(keeper), now, now.version, Heading("Justice and peace"))
    assert len(to(posted.send(days=2), signer)) == 1, "other terms are another question"
    bundled.say(signer, part)
    assert posted.lines(signer, days=3) == []


def test_who_acts_for_a_side_is_told_of_a_match_at_each_step_that_is_his(posted: Posted) -> None:
    from concerted.web.matches.models import Match

    giver, receiver = posted.person("Alpha", "signer"), posted.person("Beta", "signer")
    secretary = posted.person("Secretariat", "secretariat", "signer")
    match = Match.objects.create(
        need=1, offer=2, need_key="CLEAR", offer_key="CLEAR", kind="money", giver=giver.partner,
        receiver=receiver.partner, proposer=secretary.partner, amount=5,
    )  # fmt: skip
    letters = posted.send()
    for user in (giver, receiver):
        (text,) = to(letters, user)
        assert "1 match of a need and an offer waits for you" in text
    assert to(letters, secretary) == []
    assert posted.send(days=1) == []
    Match.objects.filter(pk=match.pk).update(agreed=["giver"], version=2)
    letters = posted.send(days=2)
    assert (len(to(letters, giver)), len(to(letters, receiver))) == (0, 1), "the other's step waits for one alone"


def test_needs_that_wait_are_counted_for_who_keeps_the_strategy_and_for_focal_points(posted: Posted) -> None:
    from concerted.web.asks.actions import assess, save, validate
    from web.asks_app import stated

    author = posted.person("Alpha", "editor")
    secretary, focal = posted.person("Secretariat", "secretariat", "editor"), posted.person("Beta", "rights", "editor")
    ask = stated.kept(author, title="Wells for the post", due_diligence="pending")
    stated.kept(author, marking_key=f"AMBER+STRICT:{author.partner_id}", due_diligence="pending")
    letters = posted.send()
    assert "1 need to validate" in to(letters, secretary)[0]
    assert "1 need waits for due diligence" in to(letters, focal)[0]
    assert "Wells" not in "".join(each.body for each in letters)
    assert posted.send(days=1) == []
    from web.packages_app.bundled import viewer

    ask = validate(actor(secretary), viewer(secretary), ask, ask.version)
    ask = assess(actor(focal), viewer(focal), ask, ask.version, "done")
    assert posted.lines(secretary, days=2) == posted.lines(focal, days=2) == []
    save(actor(author), ask, ask.version, stated.with_value(ask.document, "title", "Wells, and a road"))
    assert posted.lines(secretary, days=2) == ["1 need to validate"]
    assert posted.lines(focal, days=2) == ["1 need waits for due diligence"]


def test_at_most_five_lines_leave_and_the_rest_comes_with_the_next_one(posted: Posted) -> None:
    from concerted.web.inbox.models import State, Upload
    from concerted.web.release.models import Kind, Release
    from concerted.web.workspace.actions.remarks import remark

    author, other = posted.person("Alpha", "editor"), posted.person("Beta", "editor")
    person = posted.person("Alpha", "signer", "secretariat", "rights")
    records = [kept(author, title=f"Well {n}") for n in range(3)]
    held = kept(person, title="Ending", state="ongoing", end_planned_date=soon(3))
    remark(actor(other), held, 1, "Not so")
    sign(person, records[0])
    send_back(posted.person("Secretariat", "secretariat", "signer"), records[0], "Why?", is_secretariats=True)
    sign(person, records[1])
    Release.objects.create(kind=Kind.RELEASED, edition="e", public_id="p", shown="e", note="x", channel="page")
    Upload.objects.create(
        owner=person.partner, holder=person, name="f", ending="csv", sha256="0", size=1, marking_key="CLEAR",
        language="en", state=State.READY,
    )  # fmt: skip
    first = to(posted.send(), person)[0]
    assert first.count("•") == 5
    assert "file that you brought" not in first
    (second,) = to(posted.send(days=1), person)
    assert second.count("•") == 2
    assert "file that you brought" in second
    assert "edition" in second
    assert posted.send(days=2) == []


@pytest.mark.parametrize("why", ["closed", "no factor", "holds nothing", "organisation left", "never", "demonstration"])
def test_nothing_goes_to_who_must_not_or_does_not_want_to_be_told(
    posted: Posted, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.conf import settings

    from concerted.web.alerts.actions import keep_wish
    from concerted.web.alerts.models import Every

    author = posted.person("Alpha", "editor", factor=False)
    signer = posted.person("Alpha", *(() if why == "holds nothing" else ("signer",)), factor=why != "no factor")
    kept(author)
    partner = signer.partner
    if why == "closed":
        signer.is_active = False
        signer.save()
    elif why == "organisation left":
        partner.is_active = False
        partner.save()
    elif why == "demonstration":
        monkeypatch.setattr(settings, "CONCERTED_DEMO", True)  # where such accounts come in, they have no mailbox
        partner.is_demonstration = True
        partner.save()
    elif why == "never":
        keep_wish(signer, Every.NEVER)
    assert posted.send() == []


def test_weekly_is_at_most_once_in_a_week_and_daily_once_in_a_day(posted: Posted) -> None:
    from concerted.web.alerts.actions import keep_wish
    from concerted.web.alerts.models import Every

    author = posted.person("Alpha", "editor", factor=False)
    daily, weekly = posted.person("Alpha", "signer"), posted.person("Alpha", "signer")
    keep_wish(weekly, Every.WEEKLY)
    came: dict[str, list[float]] = {daily.email: [], weekly.email: []}
    for number, day in enumerate((0, 0.5, 1, 2, 6.9, 8)):
        kept(author, title=f"Well {number}")
        for letter in posted.send(days=day):
            came[letter.to[0]].append(day)
    assert came == {daily.email: [0, 1, 2, 6.9, 8], weekly.email: [0, 6.9]}


def test_each_is_told_in_the_own_language_and_arabic_runs_from_right_to_left(posted: Posted) -> None:
    author = posted.person("Alpha", "editor", factor=False)
    kept(author, title="Puits")
    kept(author, title="Autre", marking_key="GREEN")
    told = {lang: posted.person("Alpha", "signer", language=lang) for lang in ("fr", "en", "ar")}
    letters = {each.to[0]: each for each in posted.send()}
    fr, en, ar = (letters[told[lang].email] for lang in ("fr", "en", "ar"))
    assert fr.subject == "Concerted : du nouveau vous attend"
    assert "2 activités attendent votre signature : « \u2068Puits\u2069 » et 1 autre" in fr.body
    assert f"{SITE}/fr/workspace/" in fr.body
    assert "2 activities wait to be signed off: “\u2068Puits\u2069” and 1 other" in en.body
    assert "نشاطان ينتظران توقيعك: «\u2068Puits\u2069»" in ar.body
    html = {each.to[0]: each.alternatives[0][0] for each in letters.values()}
    assert '<html lang="ar" dir="rtl">' in html[ar.to[0]]
    assert '<html lang="fr" dir="ltr">' in html[fr.to[0]]
    assert all(each.extra_headers["Auto-Submitted"] == "auto-generated" for each in letters.values())
    assert "picture.example.org>" in ar.extra_headers["Message-ID"]
    assert ar.message()["Subject"]


def test_a_title_is_no_way_to_put_a_link_or_markup_into_somebodys_mail(posted: Posted) -> None:
    author = posted.person("Alpha", "editor", factor=False)
    posted.person("Alpha", "signer", language="fr")
    for title in ("Sign in at https://evil.example", "www.evil.example", "evil.example/in", "EVIL.example"):
        kept(author, title=title)
    kept(author, title="<b>Bold</b>\u202e & \u2066turned " + "long " * 40)
    (letter,) = posted.send()
    html = letter.alternatives[0][0]
    assert "evil" not in (letter.body + html).casefold()
    assert "<b>" not in html
    assert "&lt;b&gt;Bold&lt;/b&gt; &amp; turned long" in html
    assert "\u202e" not in letter.body
    assert "4 autres" in letter.body
    assert max(map(len, letter.body.splitlines())) < 240


def test_what_is_not_for_everybody_is_counted_and_never_named(posted: Posted) -> None:
    author = posted.person("Alpha", "editor")
    alpha = author.partner_id
    canaries = {"GREEN": "zzgreen", f"AMBER:{alpha}": "zzamber", f"AMBER+STRICT:{alpha}": "zzstrict"}
    for key, word in canaries.items():
        kept(author, title=word, marking_key=key, state="ongoing", end_planned_date=soon(5))
    signer = posted.person("Alpha", "signer")
    letters = posted.send()
    assert {each.to[0] for each in letters} == {author.email, signer.email}
    whole = "".join(str(each.message()) + each.body + each.alternatives[0][0] for each in letters)
    assert not [word for word in canaries.values() if word in whole]
    assert "3 activities wait to be signed off" in to(letters, signer)[0]
    from concerted.web.audit.models import Entry

    entries = list(Entry.objects.filter(action="told").values_list("object_kind", "object_id", "owner", "channel"))
    assert sorted(entries) == sorted(("account", str(u.pk), alpha, "job") for u in (author, signer))


def test_what_a_person_may_not_see_moves_no_byte_of_what_he_is_told(posted: Posted) -> None:
    """The same registry without and with records, remarks, decisions, files and drafts that these may not see."""
    from concerted.web.inbox.models import State, Upload
    from concerted.web.matches.models import Match
    from concerted.web.strategy.models import Status, Step, Version
    from concerted.web.workspace.actions.remarks import remark
    from concerted.web.workspace.models import Condition
    from web.asks_app import stated
    from web.packages_app import bundled
    from web.safeguards.test_due_diligence import support

    author, signer = posted.person("Alpha", "editor"), posted.person("Alpha", "signer", language="ar")
    people = [author, signer, posted.person("Secretariat", "secretariat", "signer")]
    people += [posted.person("Gamma", "rights", "reader"), posted.person("Gamma", "donor", "administrator")]
    sign(signer, kept(author, state="ongoing", end_planned_date=soon(9)))
    kept(author, title="Another")
    clients = {user: posted.workspace.client(user) for user in people}

    def told() -> list[Any]:
        from django.conf import settings

        from concerted.web.alerts.letters import letter

        found = {d.person: letter(d.person, d.lines, settings.CONCERTED_MAIL) for d in posted.due()}
        letters = [(u.email, found[u].subject, found[u].body, found[u].alternatives) for u in people if u in found]
        pages = [_waits(clients[user].get("/en/workspace/").content.decode()) for user in people]
        return [letters, pages]

    before = told()
    assert len(before[0]) == 3
    hidden, hidden_signer = posted.person("Beta", "editor"), posted.person("Beta", "signer")
    key = f"AMBER+STRICT:{hidden.partner_id}"
    record = kept(hidden, title="zzhidden", marking_key=key, state="ongoing", end_planned_date=soon(1))
    sign(hidden_signer, record)
    support(hidden, title="Training of the police", marking_key=key)
    remark(actor(hidden_signer), record, 1, "zzhidden")
    returned = kept(hidden, title="zzhidden", marking_key=key)
    send_back(hidden_signer, returned, "Why", is_secretariats=False)
    kept(hidden, title="zzdraft", condition=Condition.DRAFT)
    Upload.objects.create(
        owner=hidden.partner, holder=hidden, name="f", ending="csv", sha256="0", size=1, marking_key=key,
        language="en", state=State.READY,
    )  # fmt: skip
    stated.kept(hidden, title="zzhidden", marking_key=key, due_diligence="pending")
    keeper = posted.person("Delta", "coordination", "signer")
    package = bundled.package(keeper, "zzpackage")
    bundled.take_statement(keeper, package, record.statement, hidden.partner)
    bundled.ask(keeper, package)
    Match.objects.create(
        need=1, offer=2, need_key=key, offer_key=key, kind="money", giver=hidden.partner,
        proposer=hidden.partner, amount=5,
    )  # fmt: skip
    version = Version.objects.create(framework_id="national", name="2027", text="{}")
    Step.objects.create(sequence=1, version=version, status=Status.DRAFT)
    assert told() == before
    assert len(posted.lines(hidden)) == 4
    assert "part of ours" in "".join(posted.lines(hidden_signer))  # the hidden things are there, for their own people


def _waits(page: str) -> str:
    start = page.index('id="waiting"')
    return page[start : page.index("</section>", start)]


def test_what_could_not_leave_is_told_later(posted: Posted, monkeypatch: pytest.MonkeyPatch) -> None:
    from concerted.web.alerts import actions
    from concerted.web.alerts.models import Told, Wish
    from concerted.web.alerts.posting import MailError

    author, signer = posted.person("Alpha", "editor", factor=False), posted.person("Alpha", "signer")
    kept(author)

    class Broken:
        def __init__(self, error: Exception) -> None:
            self.error = error

        def send_messages(self, messages: Any) -> None:
            raise self.error

        def close(self) -> None:
            pass

    refused = smtplib.SMTPRecipientsRefused({signer.email: (550, b"no such")})
    with monkeypatch.context() as patch:
        patch.setattr(actions, "open_connection", lambda _mail: Broken(refused))
        assert actions.send_digests("job") == {"refused": 1}
        patch.setattr(actions, "open_connection", lambda _mail: Broken(smtplib.SMTPServerDisconnected("gone")))
        with pytest.raises(MailError, match="ended the connection"):
            actions.send_digests("job")
    assert not Told.objects.exists()
    assert list(Wish.objects.values_list("sent_at", flat=True)) == [None]
    assert "told" not in posted.workspace.log()
    assert len(posted.send()) == 1


def test_two_runs_at_once_send_one_digest(posted: Posted, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.utils import timezone

    from concerted.web.alerts import actions

    kept(posted.person("Alpha", "editor", factor=False))
    posted.person("Alpha", "signer")
    found = actions.due(timezone.now())
    posted.send()  # the other run, between the look and the sending of this one
    monkeypatch.setattr(actions, "due", lambda now: found)
    assert posted.send() == []


def test_where_no_mail_is_set_nothing_is_sent_and_nothing_counts_as_told(
    posted: Posted, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.conf import settings

    from concerted.web.alerts.models import Told
    from concerted.web.config.mail import Mail
    from concerted.web.daily import daily

    kept(posted.person("Alpha", "editor", factor=False))
    signer = posted.person("Alpha", "signer")
    with monkeypatch.context() as patch:
        patch.setattr(settings, "CONCERTED_MAIL", Mail())
        daily.func()
        assert (posted.letters, Told.objects.count()) == ([], 0)
        assert "This site sends no e-mail" in posted.workspace.client(signer).get("/en/account/").content.decode()
    daily.func()
    assert len(posted.letters) == 1


def test_a_thing_of_which_the_title_became_restricted_is_told_without_it(posted: Posted) -> None:
    author, signer = posted.person("Alpha", "editor", factor=False), posted.person("Alpha", "signer")
    record = kept(author, title="zzonce")
    change(author, record, "zzonce", marking_key="GREEN")
    assert posted.lines(signer) == ["1 activity waits to be signed off"]
