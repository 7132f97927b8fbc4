"""Addresses of people and partners. Of the sign-in library only those are here that we use, each with its policy."""

from allauth.account import views as sign_in
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as keys
from django.conf import settings
from django.urls import include, path

from concerted.web.accounts.views import entrance, own, partners, people
from concerted.web.config.policy import FORM, READS, Access, declares

_entrance, _own, _reads_own = declares(Access.ENTRANCE, FORM), declares(Access.OWN, FORM), declares(Access.OWN, READS)

_account = [
    path("", own.account, name="account"),
    path("sign-out-everywhere/", own.sign_out_everywhere, name="account-sign-out-everywhere"),
    path("password/", _own(sign_in.password_change), name="account_change_password"),
    path("confirm/", _own(sign_in.reauthenticate), name="account_reauthenticate"),
    path("second-factor/", _reads_own(factors.index), name="mfa_index"),
    path("second-factor/confirm/", _own(factors.reauthenticate), name="mfa_reauthenticate"),
    path("second-factor/app/", _own(app.activate_totp), name="mfa_activate_totp"),
    path("second-factor/app/remove/", _own(app.deactivate_totp), name="mfa_deactivate_totp"),
    path("second-factor/codes/", _reads_own(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("second-factor/codes/new/", _own(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("second-factor/keys/", _reads_own(keys.list_webauthn), name="mfa_list_webauthn"),
    path("second-factor/keys/add/", _own(keys.add_webauthn), name="mfa_add_webauthn"),
    path("second-factor/keys/confirm/", _own(keys.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path("second-factor/keys/<int:pk>/", _own(keys.edit_webauthn), name="mfa_edit_webauthn"),
    path("second-factor/keys/<int:pk>/remove/", _own(own.RemoveKeyView.as_view()), name="mfa_remove_webauthn"),
]
_people = [
    path("", people.people, name="people"),
    path("invite/", people.invite, name="people-invite"),
    path("invitations/<uuid:invitation>/revoke/", people.revoke, name="people-revoke"),
    path("<uuid:person>/", people.person, name="people-one"),
    path("<uuid:person>/roles/", people.change_held, name="people-roles"),
    path("<uuid:person>/hand-over/", people.hand_over, name="people-hand-over"),
    path("<uuid:person>/close/", people.deactivate, name="people-close"),
    path("<uuid:person>/open/", people.reactivate, name="people-open"),
    path("<uuid:person>/remove-second-factor/", people.remove_second_factor, name="people-remove-factor"),
    path("<uuid:person>/sign-out/", people.end_sessions, name="people-sign-out"),
    path("<uuid:person>/password-link/", people.password_link, name="people-password-link"),
]
_organisations = [
    path("", partners.organisations, name="organisations"),
    path("<uuid:partner>/", partners.organisation, name="organisations-one"),
    path("<uuid:partner>/invite/", partners.invite_first, name="organisations-invite"),
    path("<uuid:partner>/units/", partners.add_unit, name="organisations-unit"),
    path("<uuid:partner>/names/", partners.add_alias, name="organisations-alias"),
    path("<uuid:partner>/names/<int:alias>/remove/", partners.remove_alias, name="organisations-alias-remove"),
]
urlpatterns = [
    path("sign-in/", _entrance(sign_in.login), name="account_login"),
    path("sign-in/second-factor/", _entrance(factors.authenticate), name="mfa_authenticate"),
    path("sign-in/closed/", declares(Access.ENTRANCE)(sign_in.account_inactive), name="account_inactive"),
    path("sign-out/", _entrance(sign_in.logout), name="account_logout"),
    path("join/<str:token>/", entrance.join, name="join"),
    path("new-password/<str:token>/", entrance.new_password, name="new-password"),
    path("account/", include(_account)),
    path("workspace/people/", include(_people)),
    path("workspace/organisations/", include(_organisations)),
]

if "allauth.socialaccount" in settings.INSTALLED_APPS:
    from allauth.socialaccount import views as social
    from allauth.socialaccount.providers.openid_connect import views as oidc

    urlpatterns += [
        path("sign-in/sso/<str:provider_id>/", _entrance(oidc.login), name="openid_connect_login"),
        path("sign-in/sso/<str:provider_id>/back/", _entrance(oidc.callback), name="openid_connect_callback"),
        path("sign-in/sso-failed/", declares(Access.ENTRANCE)(social.login_error), name="socialaccount_login_error"),
        path("sign-in/sso-unknown/", declares(Access.ENTRANCE)(social.signup), name="socialaccount_signup"),
        path(
            "sign-in/sso-stopped/",
            declares(Access.ENTRANCE)(social.login_cancelled),
            name="socialaccount_login_cancelled",
        ),
    ]
