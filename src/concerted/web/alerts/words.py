"""How each kind of thing that waits is called, in the language that is active."""

from datetime import date

from django.utils.translation import gettext, ngettext

from concerted.web.ui.formats import day, number


def line_word(kind: str, count: int, detail: str = "") -> str:
    """So many things of a kind, as a whole sentence without its full stop."""
    match kind:
        case "released":
            if not detail:
                return gettext("A new edition is public")
            return gettext("A new edition is public, as of %(day)s") % {"day": day(date.fromisoformat(detail))}
        case "strategy":
            return {
                "consultation": gettext("A version of the strategy is in consultation"),
                "adopted": gettext("A version of the strategy was adopted"),
                "review": gettext("The strategy is under review"),
            }[detail]
    return _counted(kind, count) % {"n": number(count)}


def _counted(kind: str, count: int) -> str:
    match kind:
        case "to_sign":
            return ngettext("%(n)s activity waits to be signed off", "%(n)s activities wait to be signed off", count)
        case "to_validate":
            return ngettext("%(n)s activity waits to be validated", "%(n)s activities wait to be validated", count)
        case "said":
            return ngettext(
                "%(n)s remark of others on your activities waits for an answer",
                "%(n)s remarks of others on your activities wait for an answer",
                count,
            )
        case "said_of_asks":
            return ngettext(
                "%(n)s remark of others on your needs and offers waits for an answer",
                "%(n)s remarks of others on your needs and offers wait for an answer",
                count,
            )
        case "sent_back":
            return ngettext("%(n)s of your activities was sent back", "%(n)s of your activities were sent back", count)
        case "ends":
            return ngettext(
                "%(n)s of your activities ends within three months, or is past its end",
                "%(n)s of your activities end within three months, or are past their end",
                count,
            )
        case "to_assess":
            return ngettext("%(n)s activity waits for due diligence", "%(n)s activities wait for due diligence", count)
        case "matches":
            return ngettext(
                "%(n)s match of a need and an offer waits for you",
                "%(n)s matches of needs and offers wait for you",
                count,
            )
        case "packages":
            return ngettext(
                "%(n)s part of ours stands in a package: may it be shown?",
                "%(n)s parts of ours stand in packages: may they be shown?",
                count,
            )
        case "needs_to_validate":
            return ngettext("%(n)s need to validate", "%(n)s needs to validate", count)
        case "needs_to_assess":
            return ngettext("%(n)s need waits for due diligence", "%(n)s needs wait for due diligence", count)
        case "moved_matches":
            return ngettext(
                "%(n)s step was taken in matches of your organisation",
                "%(n)s steps were taken in matches of your organisation",
                count,
            )
        case "brought":
            return ngettext(
                "%(n)s file that you brought waits for you", "%(n)s files that you brought wait for you", count
            )
    raise ValueError(f"{kind!r} is no kind of thing that waits")


def every_word(every: str) -> str:
    """How often."""
    return {
        "daily": gettext("At most once a day"),
        "weekly": gettext("At most once a week"),
        "never": gettext("Never"),
    }[every]
