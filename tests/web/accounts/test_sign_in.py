"""Signing in: password, then the second factor; guessing is slowed down; secrets are sealed."""

from typing import Any

import pytest

from web.workspace import PASSWORD, Workspace, code_of


def with_app(user: Any) -> str:
    """Set an app with codes up for `user`; its secret."""
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    secret: str = generate_totp_secret()
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return secret


def sign_in(client: Any, user: Any, password: str = PASSWORD, lang: str = "en") -> Any:
    return client.post(f"/{lang}/sign-in/", {"login": user.email.upper(), "password": password})


def test_a_reader_signs_in_with_the_password(both: Workspace) -> None:
    user, client = both.person(both.partner("Beta"), "reader"), both.client()
    assert sign_in(client, user)["Location"] == "/en/workspace/"
    assert user.name in client.get("/en/").content.decode()
    assert both.log() == ["signed_in"]
    assert client.post("/en/sign-out/")["Location"] == "/en/"
    assert client.get("/en/account/").status_code == 302
    assert both.log() == ["signed_in", "signed_out"]


def test_who_has_a_second_factor_is_not_in_before_it_is_shown(both: Workspace) -> None:
    user, client = both.person(both.partner("Beta"), "editor", "administrator"), both.client()
    secret = with_app(user)
    assert sign_in(client, user)["Location"] == "/en/sign-in/second-factor/"
    for address in ("/en/account/", "/en/workspace/people/"):
        assert client.get(address).status_code == 302
    assert client.post("/en/sign-in/second-factor/", {"code": "000000"}).status_code == 200
    assert client.get("/en/account/").status_code == 302
    client.post("/en/sign-in/second-factor/", {"code": code_of(secret)})
    assert client.get("/en/account/").status_code == 200
    assert client.get("/en/workspace/people/").status_code == 200


def test_a_code_works_once(both: Workspace) -> None:
    user = both.person(both.partner("Beta"), "editor")
    code = code_of(with_app(user))
    first, second = both.client(), both.client()
    for client in (first, second):
        sign_in(client, user)
        client.post("/en/sign-in/second-factor/", {"code": code})
    assert first.get("/en/account/").status_code == 200
    assert second.get("/en/account/").status_code == 302


def test_a_recovery_code_works_once(both: Workspace) -> None:
    from allauth.mfa.models import Authenticator

    user = both.person(both.partner("Beta"), "editor")
    with_app(user)
    codes = Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()
    assert len(codes) == 10
    first, second = both.client(), both.client()
    for client in (first, second):
        sign_in(client, user)
        client.post("/en/sign-in/second-factor/", {"code": codes[0]})
    assert first.get("/en/account/").status_code == 200
    assert second.get("/en/account/").status_code == 302


def test_setting_an_app_up_opens_what_the_roles_allow(workspace: Workspace) -> None:
    import re

    user, client = workspace.person(workspace.partner("Beta"), "administrator"), workspace.client()
    sign_in(client, user)
    assert "/account/second-factor/" in client.get("/en/workspace/people/")["Location"]
    page = client.get("/en/account/second-factor/app/").content.decode()
    secret = re.search(r'class="secret" dir="ltr">([A-Z2-7]+)<', page)
    assert secret
    assert "<svg" in page
    answer = client.post("/en/account/second-factor/app/", {"code": code_of(secret[1])}, follow=True)
    text = answer.content.decode()
    assert "Recovery codes" in text
    assert len(re.findall(r"<li><code>\w+", text)) == 10
    assert client.get("/en/workspace/people/").status_code == 200
    assert workspace.log().count("factor_added") == 2


def test_sessions_from_before_the_second_factor_end_when_it_is_set_up(workspace: Workspace) -> None:
    import re

    user = workspace.person(workspace.partner("Beta"), "editor")
    here, elsewhere = workspace.client(user, factor=False), workspace.client(user, factor=False)
    page = here.get("/en/account/second-factor/app/").content.decode()
    secret = re.search(r'class="secret" dir="ltr">([A-Z2-7]+)<', page)
    assert secret
    here.post("/en/account/second-factor/app/", {"code": code_of(secret[1])})
    assert here.get("/en/account/").status_code == 200
    assert elsewhere.get("/en/account/second-factor/keys/add/").status_code == 302
    assert elsewhere.get("/en/account/").status_code == 302


def test_who_must_have_a_second_factor_keeps_the_last_one(workspace: Workspace) -> None:
    from allauth.mfa.models import Authenticator

    editor, reader = (workspace.person(workspace.partner("Beta"), duty) for duty in ("editor", "reader"))
    for user in (editor, reader):
        with_app(user)
        workspace.client(user).post("/en/account/second-factor/app/remove/")
    assert Authenticator.objects.filter(user=editor, type="totp").exists()
    assert not Authenticator.objects.filter(user=reader).exists()
    key = Authenticator.objects.create(
        user=editor, type="webauthn", data={"name": "Key", "credential": {}, "passwordless": False}
    )
    client = workspace.client(editor)
    assert client.post("/en/account/second-factor/app/remove/").status_code == 302  # another one is left
    answer = client.post(f"/en/account/second-factor/keys/{key.pk}/remove/")
    assert answer.status_code == 302
    assert Authenticator.objects.filter(pk=key.pk).exists()


def test_secrets_of_second_factors_are_sealed_and_open_with_the_key_before(
    both: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from allauth.mfa.models import Authenticator
    from django.conf import settings

    from concerted.model.errors import ConfigError

    user = both.person(both.partner("Beta"), "editor")
    secret = with_app(user)
    stored = Authenticator.objects.get(user=user, type="totp")
    assert secret not in str(stored.data)
    assert stored.wrap().validate_code(code_of(secret))
    before = settings.SECRET_KEY
    monkeypatch.setattr(settings, "SECRET_KEY", "n" * 60)
    with pytest.raises(ConfigError, match="sealed with another secret key"):
        stored.wrap().validate_code(code_of(secret, 1))
    monkeypatch.setattr(settings, "SECRET_KEY_FALLBACKS", [before])
    assert stored.wrap().validate_code(code_of(secret, 1))


def test_guessing_a_password_is_slowed_down_and_seen_by_the_organisation(both: Workspace) -> None:
    user, client = both.person(both.partner("Beta"), "reader"), both.client()
    for _ in range(5):
        assert "do not belong together" in sign_in(client, user, "wrong password").content.decode()
    assert "Too many attempts" in sign_in(client, user, "wrong password").content.decode()
    assert "Too many attempts" in sign_in(both.client(), user).content.decode()  # the right one neither
    assert both.log() == ["sign_in_failed"] * 5
    other = both.person(both.partner("Beta"), "reader")
    assert sign_in(both.client(), other).status_code == 302


def test_guessing_a_code_is_slowed_down(both: Workspace) -> None:
    user = both.person(both.partner("Beta"), "editor")
    secret = with_app(user)
    client = both.client()
    sign_in(client, user)
    for number in range(5):
        client.post("/en/sign-in/second-factor/", {"code": f"{number:06}"})
    client.post("/en/sign-in/second-factor/", {"code": code_of(secret)})
    assert client.get("/en/account/").status_code == 302


def test_an_address_that_is_unknown_looks_like_a_wrong_password(workspace: Workspace) -> None:
    import re

    user = workspace.person(workspace.partner("Beta"), "reader")

    def page(login: str) -> str:
        answer = workspace.client().post("/en/sign-in/", {"login": login, "password": "wrong password"})
        text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())
        return text.replace(login, "LOGIN")

    assert page(user.email) == page("nobody@example.org")


def test_a_closed_account_does_not_sign_in(both: Workspace) -> None:
    user, client = both.person(both.partner("Beta"), "reader"), both.client()
    user.is_active = False
    user.save()
    sign_in(client, user)
    assert client.get("/en/account/").status_code == 302


def test_nobody_signs_up(workspace: Workspace) -> None:
    from allauth.account.adapter import get_adapter
    from django.urls import NoReverseMatch, reverse

    with pytest.raises(NoReverseMatch):
        reverse("account_signup")
    assert not get_adapter().is_open_for_signup(None)
    for address in ("signup/", "accounts/signup/", "sign-up/", "account/email/"):
        assert workspace.client().get(f"/en/{address}").status_code == 404


def test_after_signing_in_one_is_where_one_wanted_to_go_and_never_elsewhere(workspace: Workspace) -> None:
    user = workspace.person(workspace.partner("Beta"), "reader")
    form = {"login": user.email, "password": PASSWORD}
    asked = workspace.client().get("/en/workspace/people/")["Location"]
    client = workspace.client()
    page = client.get(asked).content.decode()
    assert 'name="next" value="/en/workspace/people/"' in page
    assert client.post("/en/sign-in/", form | {"next": "/en/workspace/people/"})["Location"] == "/en/workspace/people/"
    for elsewhere in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        answer = workspace.client().post("/en/sign-in/", form | {"next": elsewhere})
        assert "evil" not in answer["Location"]
        assert "javascript" not in answer["Location"]


def test_signing_out_everywhere_leaves_this_session_alone(workspace: Workspace) -> None:
    user = workspace.person(workspace.partner("Beta"), "reader")
    here, elsewhere = workspace.client(user), workspace.client(user)
    here.post("/en/account/sign-out-everywhere/")
    assert here.get("/en/account/").status_code == 200
    assert elsewhere.get("/en/account/").status_code == 302


def test_a_session_ends_after_a_working_day(workspace: Workspace) -> None:
    from datetime import timedelta

    from django.utils import timezone

    from concerted.web.accounts.models import Session

    client = workspace.client(workspace.person(workspace.partner("Beta"), "reader"))
    session = Session.objects.get()
    assert session.expire_date - timezone.now() < timedelta(hours=12, minutes=1)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert client.get("/en/account/").status_code == 302
