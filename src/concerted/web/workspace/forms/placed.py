"""Where something is, and which lines of the strategy it serves: the same pickers wherever that is asked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from concerted.codelists.frameworks import Lang
from concerted.intake.vocabulary import PlaceName, Vocabulary, WordError
from concerted.web.ui.fields import choice
from concerted.web.ui.formats import language

SEPARATOR = ";"


def day_field(label: Any, **more: Any) -> forms.DateField:
    """A day; browsers show it in the reader's own way and send ISO 8601."""
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, required=False, widget=widget, input_formats=["%Y-%m-%d"], **more)


def split_names(text: str) -> list[str]:
    """Names with `;` between them, the Arabic one too."""
    parts = text.replace("؛", SEPARATOR).split(SEPARATOR)
    return list(dict.fromkeys(" ".join(part.split()) for part in parts if part.strip()))


@dataclass(frozen=True)
class Line:
    """A line of the strategy as a box to tick, with those below it."""

    id: str
    text: str
    box: Any
    below: tuple["Line", ...]
    is_open: bool


class PlacedForm(forms.Form):
    """Regions to tick, finer places by name, and the tree of the strategy."""

    places = forms.MultipleChoiceField(label=_("Where"), required=False, widget=forms.CheckboxSelectMultiple)
    finer = forms.CharField(
        label=_("Finer places"),
        required=False,
        max_length=2000,
        help_text=_("Districts or municipalities by name, with ; between them."),
        widget=forms.TextInput(attrs={"list": "finer-places", "autocomplete": "off"}),
    )
    nodes = forms.MultipleChoiceField(
        label=_("Lines of the strategy"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any, *, words: Vocabulary, initial: dict[str, Any]) -> None:
        self.words, self.lang = words, language()
        super().__init__(data, initial=initial)
        regions = [place for place in words.places if place.level <= 1]
        choice(self, "places").choices = [(p.place_id, p.names[self.lang]) for p in regions]
        choice(self, "nodes").choices = [
            (node.id, words.node_word(node.id, self.lang))
            for node in (words.framework.nodes if words.framework else ())
        ]

    @property
    def lines(self) -> list[Line]:
        """The lines of the strategy as a tree of boxes; a branch with a ticked box stands open."""
        boxes = {str(box.data["value"]): box for box in self["nodes"]}
        nodes = self.words.framework.nodes if self.words.framework else ()
        ticked = set(self["nodes"].value() or ())

        def below(parent: str | None) -> Iterator[Line]:
            for node in nodes:
                if node.parent_id == parent:
                    inner = tuple(below(node.id))
                    is_open = any(line.is_open or line.id in ticked for line in inner)
                    text = f"{node.code} {node.name[self.lang]}"
                    yield Line(node.id, text, boxes[node.id], inner, is_open)

        return list(below(None))

    @property
    def finer_names(self) -> list[str]:
        """Names to complete a finer place with."""
        names = {place.names[self.lang] for place in self.words.places if place.level > 1}
        return sorted(names)

    @property
    def chosen_places(self) -> list[PlaceName]:
        """The regions that were ticked and the finer places that were named, of a form that is valid."""
        by_id = {place.place_id: place for place in self.words.places}
        return [*(by_id[each] for each in self.cleaned_data["places"]), *self.cleaned_data["finer"]]

    def clean_finer(self) -> list[Any]:
        """The places that are meant; what means none is answered with the nearest names."""
        found = []
        for text in split_names(self.cleaned_data["finer"]):
            try:
                found.append(self.words.place(text))
            except WordError as error:
                near = ", ".join(error.nearest)
                wrong = gettext("%(word)s is no place that is known here.") % {"word": text}
                meant = f" {gettext('Perhaps: %(names)s') % {'names': near}}" if near else ""
                raise forms.ValidationError(wrong + meant) from error
        return found


def placed(words: Vocabulary, lang: Lang, places: Sequence[str], nodes: Sequence[str]) -> dict[str, Any]:
    """What stands in the pickers for some places and lines, by their ids."""
    levels = {place.place_id: place.level for place in words.places}
    return {
        "places": [each for each in places if levels.get(each, 9) <= 1],
        "finer": f"{SEPARATOR} ".join(words.place_word(p, lang) or p for p in places if levels.get(p, 0) > 1),
        "nodes": list(nodes),
    }
