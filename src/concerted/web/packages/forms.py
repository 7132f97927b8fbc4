"""The forms of packages: what one is about, where a part stands."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from concerted.codelists.package_templates import templates
from concerted.web.edition.opened import Edition
from concerted.web.packages.actions import Heading, Order
from concerted.web.packages.board import Board, Line
from concerted.web.packages.components import components_of, lines, places
from concerted.web.packages.models import PARTNERS, SIGNED_IN, Package
from concerted.web.sharing.queries import Listed
from concerted.web.ui.fields import LongSelect, choice
from concerted.web.ui.screened import screened

#: Lines and places that a package may name.
MOST = 4
_NODES = tuple(f"node_{at}" for at in range(1, MOST + 1))
_PLACES = tuple(f"place_{at}" for at in range(1, MOST + 1))


class HeadingForm(forms.Form):
    """What a package is about, and for whom it is."""

    title = forms.CharField(label=_("Title"), max_length=200, validators=[screened])
    aim = forms.CharField(
        label=_("What it is to reach"),
        required=False,
        max_length=2000,
        validators=[screened],
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    template = forms.ChoiceField(
        label=_("Made of a template"),
        required=False,
        help_text=_("Its components become those of the package, and the board shows which of them has nothing."),
    )
    audience = forms.ChoiceField(
        label=_("Who may read it"),
        widget=forms.RadioSelect,
        help_text=_("Whoever it is, each reads only the parts that he may see anyway and whose partner has agreed."),
    )

    def __init__(
        self, data: Any, *, edition: Edition | None, groups: list[Listed], lang: str, package: Package | None = None
    ) -> None:
        """`package`: as it is; null = a new one."""
        initial: dict[str, Any] = {"audience": PARTNERS}
        if package is not None:
            initial = {"title": package.title, "aim": package.aim, "audience": package.audience}
            initial |= dict(zip(_NODES, package.nodes, strict=False)) | dict(zip(_PLACES, package.places, strict=False))
        super().__init__(data, initial=initial)
        offered_lines, offered_places = lines(edition, lang), places(edition, lang)
        self._keep(_NODES, gettext("Line of the strategy"), offered_lines, package.nodes if package else [])
        self._keep(_PLACES, gettext("Place"), offered_places, package.places if package else [])
        self.order_fields(["title", "aim", "template", *_NODES, *_PLACES, "audience"])
        if package is None:
            choice(self, "template").choices = [
                ("", gettext("none: the lines below are its components")),
                *((each.id, each.name[lang]) for each in templates().values()),
            ]
        else:
            del self.fields["template"]
        known = [(str(each.id), gettext("the group %(name)s") % {"name": each.name}) for each in groups]
        if package is not None and package.audience not in (PARTNERS, SIGNED_IN, *(value for value, _name in known)):
            known.append((package.audience, gettext("a group that your organisation is not in any more")))
        choice(self, "audience").choices = [
            (PARTNERS, gettext("our organisation and the partners that have a part in it")),
            (SIGNED_IN, gettext("every organisation that signs in here")),
            *known,
        ]

    def _keep(self, names: tuple[str, ...], label: str, offered: list[tuple[str, str]], now: list[str]) -> None:
        """Several lists to choose one of. What stands there now is offered too, where the edition lists it no more."""
        gone = [(key, key) for key in now if key not in dict(offered)]
        for at, name in enumerate(names, 1):
            self.fields[name] = forms.ChoiceField(
                label=label if at == 1 else f"{label} ({at})",
                required=False,
                choices=[("", "–"), *offered, *gone],
                widget=LongSelect,
            )

    def clean(self) -> dict[str, Any]:
        """Without a template the lines are the components, so there is one at least."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        if "template" in self.fields and not found.get("template") and not any(found.get(name) for name in _NODES):
            self.add_error("node_1", gettext("Choose a line of the strategy, or a template."))
        return found

    def heading(self) -> Heading:
        """What was typed."""
        said = self.cleaned_data
        nodes = tuple(dict.fromkeys(said[name] for name in _NODES if said[name]))
        chosen = tuple(dict.fromkeys(said[name] for name in _PLACES if said[name]))
        return Heading(said["title"], said["aim"], nodes, chosen, said["audience"])


class PartForm(forms.Form):
    """Where a part stands among the others."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    component = forms.ChoiceField(label=_("Component"), required=False)
    position = forms.IntegerField(label=_("Place in the list"), min_value=1, max_value=200)
    waits_for = forms.MultipleChoiceField(
        label=_("Waits for"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "It begins on the day after the last of these has ended, or on its own first day if that is later."
        ),
    )
    days = forms.IntegerField(
        label=_("Days that it takes"),
        required=False,
        min_value=1,
        max_value=3650,
        help_text=_("Only where its own record does not say its first and last day. Empty: not known."),
    )

    def __init__(self, data: Any, *, board: Board, line: Line, edition: Edition | None, lang: str) -> None:
        row = line.row
        initial = {
            "version": board.package.version,
            "component": row.component,
            "position": line.number,
            "waits_for": [str(each.pk) for each in row.waits_for.all()],
            "days": row.days,
        }
        super().__init__(data, initial=initial)
        named = [(each.key, each.name) for each in components_of(board.package, edition, lang)]
        if row.component and row.component not in dict(named):
            named.append((row.component, row.component))
        choice(self, "component").choices = [("", gettext("none")), *named]
        choice(self, "waits_for").choices = [
            (str(each.row.pk), f"{each.number}. {each.fact.title}") for each in board.lines if each.row.pk != row.pk
        ]

    def order(self) -> Order:
        """What was typed."""
        said = self.cleaned_data
        return Order(said["component"], said["position"], frozenset(map(int, said["waits_for"])), said["days"])
