"""Why an edition is not released, in words."""

from django.utils.translation import gettext, ngettext

from concerted.web.release.checks import Reason


def reason_word(reason: Reason) -> str:
    """One reason, in the language of the page."""
    match reason.kind:
        case "build":
            return gettext("The newest build failed, so this is not what was saved last.")
        case "source":
            return gettext("The source %(name)s is missing, which the public sees now.") % {"name": reason.what}
        case "hidden_source":
            text = ngettext(
                "%(count)s source that you may not see is missing.",
                "%(count)s sources that you may not see are missing.",
                reason.count,
            )
            return text % {"count": reason.count}
        case _:
            return gettext("It breaks a law of the picture: %(law)s (%(count)s times). concerted check says where.") % {
                "law": reason.what,
                "count": reason.count,
            }
