"""Whatever a page does, a program can do, under the same policy; or it is said here why it cannot.

A page that is added is not forgotten: the walk finds every address of the site that takes a form.
"""

from typing import Any

from web.site import Site

_ENTRANCE = "how a person comes in; a program comes in by its token"
_OWN_KEYS = "what a person proves to be himself with is set up in his own session, never by a token"
_TAKES_OVER = "a token that was stolen would become somebody's account"
_SESSION = "it is about sessions, and a program has none"
_TOKENS = "a token makes and ends no tokens: one that was stolen would outlive its revoking"
_OWN_MAIL = "what comes to a person's own mailbox: no program should silence it"
#: By the name of a page that takes a form: the operations that do the same, or why none does.
DONE_BY: dict[str, tuple[str, ...] | str] = {
    **dict.fromkeys(
        (
            "account_login", "mfa_authenticate", "account_logout", "join", "openid_connect_login",
            "openid_connect_callback", "socialaccount_login_error", "socialaccount_signup",
            "socialaccount_login_cancelled",
        ),
        _ENTRANCE,
    ),
    **dict.fromkeys(
        (
            "account", "account_change_password", "account_reauthenticate", "mfa_reauthenticate", "mfa_activate_totp",
            "mfa_deactivate_totp", "mfa_generate_recovery_codes", "mfa_add_webauthn", "mfa_reauthenticate_webauthn",
            "mfa_edit_webauthn", "mfa_remove_webauthn", "new-password",
        ),
        _OWN_KEYS,
    ),
    **dict.fromkeys(("people-remove-factor", "people-password-link"), _TAKES_OVER),
    **dict.fromkeys(("account-sign-out-everywhere", "sharing-look", "sharing-look-end"), _SESSION),
    **dict.fromkeys(("tokens", "tokens-revoke"), _TOKENS),
    "alerts-wish": _OWN_MAIL,
    "people-invite": ("invite",),
    "people-revoke": ("revoke_invitation",),
    "people-roles": ("change_held",),
    "people-hand-over": ("hand_over",),
    "people-close": ("close_account",),
    "people-open": ("open_account",),
    "people-sign-out": ("end_sessions",),
    "organisations": ("add_organisation",),
    "organisations-one": ("change_organisation",),
    "organisations-invite": ("invite_first",),
    "organisations-unit": ("add_unit",),
    "organisations-alias": ("add_name",),
    "organisations-alias-remove": ("remove_name",),
    "records-new": ("new_record",),
    "records-edit": ("change_record",),
    "records-merge": ("settle_clash",),
    "records-step": ("take_step",),
    "records-restore": ("restore_version",),
    "records-remark": ("say",),
    "records-propose": ("say",),
    "records-answer": ("accept", "answer"),
    "asks-new": ("new_ask",),
    "asks-edit": ("change_ask",),
    "asks-merge": ("settle_ask",),
    "asks-restore": ("restore_ask",),
    "asks-state": ("give_state",),
    "asks-validate": ("validate_need",),
    "asks-assess": ("assess_need",),
    "asks-remark": ("say_of_ask",),
    "asks-answer": ("answer_of_ask",),
    "inbox": ("bring",),
    "inbox-columns": ("name_columns",),
    "inbox-accept": ("accept_rows",),
    "inbox-put-away": ("put_away",),
    "inbox-undo": ("undo_receipt",),
    "signoff-decide": ("sign_off", "back_from_signoff"),
    "validation-decide": ("validate", "back_from_validation"),
    "release": ("release",),
    "release-withdraw": ("withdraw",),
    "sharing-new": ("new_group",),
    "sharing-change": ("change_group",),
    "sharing-close": ("close_group",),
    "sharing-leave": ("leave_group",),
    "safeguards-assess": ("assess",),
    "strategy-load": ("read_file",),
    "strategy-take-over": ("take_over_file",),
    "strategy-keep": ("keep_version",),
    "strategy-step": ("step_version",),
    "strategy-remap": ("remap_lines",),
    "strategy-relate": ("relate", "take_back_relation"),
    "scenarios-save": ("save_scenario",),
    "scenarios-delete": ("delete_scenario",),
    "desk-judge": ("judge",),
    "desk-undo": ("undo_judgement",),
    "precedence": ("decide_sources",),
    "packages-new": ("new_package",),
    "packages-change": ("change_package",),
    "packages-put-forward": ("put_package_forward",),
    "packages-end": ("end_package",),
    "packages-add": ("add_package_part",),
    "packages-part": ("arrange_package_part",),
    "packages-remove": ("remove_package_part",),
    "packages-answer": ("answer_for_part",),
    "matches-ask": ("ask_for_run",),
    "matches-put-forward": ("put_match_forward",),
    "matches-step": ("step_match",),
    "matches-promise": ("promise_match",),
    "matches-rules": ("keep_matching_rules",),
}  # fmt: skip
#: Operations that ask for more or less than the page of the same name, and why.
_ELSEWHERE = {
    "records-remark": "one operation says what is not right and proposes; who proposes must write, and it asks that",
    "records-propose": "the same",
}


def _pages() -> dict[str, Any]:
    """The policy of every page that takes a form, by its name."""
    from concerted.web.config.policy import endpoints, policy_of

    found = {}
    for pattern in endpoints():
        policy = policy_of(pattern.callback, "POST")
        if policy and "POST" in policy.methods and not str(pattern.name).startswith("api-"):
            found[str(pattern.name)] = policy
    return found


def _operations() -> dict[str, Any]:
    """The policy of every operation that changes something, by its name."""
    from concerted.web.api.interface import api
    from concerted.web.api.mounting import offered

    return {o.operation.view_func.__name__: o.policy for o in offered(api) if o.method != "GET"}


def test_each_page_that_acts_has_an_operation_or_a_reason_why_not(site: Site) -> None:
    pages, operations = _pages(), _operations()
    assert set(pages) - set(DONE_BY) == set(), "say in DONE_BY which operation does what these pages do"
    single_sign_on = {name for name in DONE_BY if name.startswith(("openid", "socialaccount"))}
    assert set(DONE_BY) - set(pages) - single_sign_on == set()
    named = {name for done in DONE_BY.values() if not isinstance(done, str) for name in done}
    assert named - set(operations) == set()
    # What no page does: it only looks, without a change, at who would see a record.
    assert set(operations) - named == {"who_sees"}


def test_the_operation_asks_for_the_duties_that_its_page_asks_for(site: Site) -> None:
    pages, operations = _pages(), _operations()
    for page, done in DONE_BY.items():
        if isinstance(done, str) or page in _ELSEWHERE:
            continue
        for name in done:
            assert set(operations[name].who) == set(pages[page].who), (page, name)
            assert operations[name].scope.endswith(":write"), name


def test_no_operation_that_only_reads_takes_a_scope_for_writing(site: Site) -> None:
    from concerted.web.api.interface import api
    from concerted.web.api.mounting import offered

    for each in offered(api):
        if each.method == "GET" and each.policy and each.policy.scope:
            assert each.policy.scope.endswith(":read"), each.route
