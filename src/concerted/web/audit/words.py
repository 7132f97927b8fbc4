"""Words for what the log holds as codes."""

from django.utils.translation import gettext, pgettext


def action_word(action: str) -> str:
    """What was done."""
    return {
        "saw": gettext("saw"),
        "exported": gettext("exported"),
        "changed": gettext("changed"),
        "added": gettext("added"),
        "removed": gettext("removed"),
        "signed_in": gettext("signed in"),
        "signed_out": gettext("signed out"),
        "signed_out_everywhere": gettext("ended all sessions"),
        "sign_in_failed": gettext("failed to sign in"),
        "factor_added": gettext("added a second factor"),
        "factor_removed": gettext("removed a second factor"),
        "password_changed": gettext("changed the password"),
        "invited": gettext("invited somebody"),
        "invitation_revoked": gettext("took an invitation back"),
        "joined": gettext("joined"),
        "role_given": gettext("gave a role"),
        "role_taken": gettext("took a role away"),
        "deactivated": gettext("closed an account"),
        "reactivated": gettext("opened an account again"),
        "handed_over": gettext("handed over"),
        "signed_off": gettext("signed off"),
        "validated": gettext("validated"),
        "sent_back": gettext("sent back"),
        "released": gettext("released"),
        "release_withdrawn": gettext("took back a release of"),
        "password_link_made": gettext("made a link for a new password"),
        "backed_up": gettext("made a backup of"),
        "restored": gettext("restored from a backup"),
        "looked_as": gettext("looked at pages as"),
        "looked_as_oneself": gettext("looked as oneself again"),
        "token_made": gettext("made a token"),
        "token_revoked": gettext("revoked a token"),
        "told": gettext("sent an e-mail about what waits to"),
        "asked": gettext("asked for consent to"),
        "consented": gettext("agreed to be shown in"),
        "consent_refused": gettext("declined, or stopped, being shown in"),
        "put_forward": gettext("put forward"),
        "accepted": gettext("accepted"),
        "committed": gettext("promised"),
        "delivered": gettext("confirmed as delivered"),
        "declined": gettext("declined"),
        "withdrawn": gettext("took back"),
        "returned": gettext("gave back to the pool"),
    }[action]


def kind_word(kind: str) -> str:
    """The kind of thing that it was done to; the code itself where there is no word for it yet."""
    return {
        "account": gettext("account"),
        "invitation": gettext("invitation"),
        "partner": gettext("organisation"),
        "activity": pgettext("one record", "activity"),
        "remark": pgettext("one record", "remark"),
        "need": pgettext("one record", "need"),
        "offer": pgettext("one record", "offer"),
        "sharing_group": gettext("sharing group"),
        "due_diligence": gettext("due diligence"),
        "eyes": "",
        "eyes_public": gettext("the public"),
        "eyes_partner": gettext("somebody who signs in"),
        "eyes_group": gettext("a member of a group"),
        "eyes_organisation": gettext("another organisation"),
        "export": pgettext("a file", "export"),
        "strategy": gettext("version of the strategy"),
        "crosswalk": gettext("relation between frameworks"),
        "judgement": gettext("judgement"),
        "queue": gettext("changes to be validated"),
        "edition": pgettext("of the picture", "edition"),
        "registry": gettext("the whole registry"),
        "token": gettext("token"),
        "upload": pgettext("a file", "sheet or file that was brought"),
        "scenario": pgettext("one record", "what-if"),
        "precedence": gettext("which source counts"),
        "package": gettext("package"),
        "package_part": gettext("part of a package"),
        "match": gettext("match of a need and an offer"),
        "matching_run": gettext("run of the matching"),
        "matching_rules": gettext("rules of the matching"),
    }.get(kind, kind)


def channel_word(channel: str) -> str:
    """The way by which it was done."""
    return {
        "page": pgettext("way in", "page"),
        "sheet": pgettext("way in", "sheet"),
        "api": pgettext("way in", "interface for programs"),
        "command": pgettext("way in", "command line"),
        "job": pgettext("way in", "background task"),
    }[channel]
