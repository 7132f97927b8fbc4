"""Forms of the strategy: a file, a step, where lines go, how two nodes relate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from concerted.codelists.frameworks import RELATIONS, WHOLE, Framework, Node
from concerted.codelists.sheet_words import fold
from concerted.strategies.remap import Remap, Shares, percent_text
from concerted.web.edition.frameworks import Tree
from concerted.web.strategy.models import Related
from concerted.web.strategy.words import name_of_line
from concerted.web.ui.labels import code_label

#: Lines of the new version into which one can be split on the page.
SLOTS = 3


class FileForm(forms.Form):
    """A strategy as a file."""

    file = forms.FileField(
        label=_("Workbook or YAML file"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.yml,.yaml"}),
    )


class AdoptionForm(forms.Form):
    """By which act, and when."""

    act = forms.CharField(label=_("By which act"), max_length=300)
    day = forms.DateField(label=_("On which day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


@dataclass(frozen=True)
class Slot:
    """Two fields: a line of the new version, and a share."""

    to: str
    share: str


@dataclass(frozen=True)
class MappedLine:
    """A line of the old version with its fields, as they were filled in."""

    at: int
    node: Node
    name: str
    depth: int
    slots: tuple[Slot, ...]
    is_plain: bool


def mapped_lines(old: Framework, shares: Remap, typed: Mapping[str, Sequence[Slot]] | None = None) -> list[MappedLine]:
    """The lines of the old version in the order of its tree, each with the fields of where it goes.

    Args:
        typed: what was typed, by line, where it could not be read as shares.
    """
    depths = _depths(old)
    found = []
    for at, node in enumerate(old.nodes):
        slots = tuple((typed or {}).get(node.id, ())) or tuple(
            Slot(to, percent_text(share)) for to, share in shares.get(node.id, {}).items()
        )
        is_plain = dict(shares.get(node.id, {})) == {node.id: WHOLE}
        filled = (*slots, *(Slot("", "") for _ in range(max(SLOTS, len(slots) + 1) - len(slots))))
        found.append(MappedLine(at, node, name_of_line(node), depths[node.id], filled, is_plain))
    return found


def _depths(framework: Framework) -> dict[str, int]:
    depths: dict[str, int] = {}
    parents = {node.id: node.parent_id for node in framework.nodes}
    for node in framework.nodes:
        depth, above = 0, node.parent_id
        while above is not None and depth < len(parents):
            depth, above = depth + 1, parents[above]
        depths[node.id] = depth
    return depths


@dataclass(frozen=True)
class Read:
    """What a form of lines says: shares, and what of it is no number or no line of its own."""

    shares: dict[str, Shares]
    typed: dict[str, list[Slot]]
    wrong: dict[str, str]


def read_shares(data: QueryDict, old: Framework, new: Framework) -> Read:
    """The shares that were typed. A line alone, without a number, goes whole; the page calls lines `id · name`."""
    shares: dict[str, Shares] = {}
    typed: dict[str, list[Slot]] = {}
    wrong: dict[str, str] = {}
    for at, node in enumerate(old.nodes):
        slots = [
            Slot(to.strip(), share.strip())
            for to, share in zip(data.getlist(f"to-{at}"), data.getlist(f"share-{at}"), strict=False)
            if to.strip()
        ]
        typed[node.id] = slots
        found: dict[str, int] = {}
        for slot in slots:
            line = line_named(new, slot.to)
            share = WHOLE if not slot.share and len(slots) == 1 else parts_of(slot.share)
            if share is None or line in found:
                wrong[node.id] = slot.share or slot.to
                continue
            found[line] = share
        if found:
            shares[node.id] = found
    return Read(shares, typed, wrong)


def line_named(framework: Framework, text: str) -> str:
    """The id of the line that somebody typed or chose: its id, `id · name`, its number or its name; else the text."""
    first = text.partition(" · ")[0].strip()
    ids = {node.id for node in framework.nodes}
    if text in ids or first in ids:
        return text if text in ids else first
    for said in (
        {node.id: [node.code] for node in framework.nodes},
        {n.id: list(n.name.values()) for n in framework.nodes},
    ):
        found = [node_id for node_id, words in said.items() if fold(text) in map(fold, words)]
        if len(found) == 1:
            return found[0]
    return first


def parts_of(text: str) -> int | None:
    """A percentage in parts of the whole (`frameworks.WHOLE`); null where it is none."""
    try:
        value = Decimal(text.replace("%", "").replace(",", ".").strip()) * WHOLE / 100
    except InvalidOperation:
        return None
    return int(value) if value == value.to_integral_value() and 0 < value <= WHOLE else None


class RelationForm(forms.Form):
    """How a node of one framework relates to a node of another."""

    source = forms.ChoiceField(label=_("This line"))
    relation = forms.ChoiceField(label=_("is, seen from the other,"))
    target = forms.ChoiceField(label=_("this line"))
    note = forms.CharField(label=_("Why"), required=False, max_length=500, help_text=_("No names of persons."))

    def __init__(self, *args: Any, source: Tree, target: Tree, lang: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, tree in (("source", source), ("target", target)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 (declared above)
            field.choices = [(node.id, f"{' ' * node.depth}{node.code} {node.label(lang)}"[:120])
                             for node in tree.nodes.values()]  # fmt: skip
        relation = self.fields["relation"]
        assert isinstance(relation, forms.ChoiceField)  # noqa: S101 (declared above)
        relation.choices = [(each, code_label("relation", each)) for each in RELATIONS]


def related(source: Tree, target: Tree, values: Mapping[str, Any]) -> Related:
    """The relation that a valid `RelationForm` states between nodes of two frameworks; not kept yet."""
    return Related(
        from_framework=source.id,
        from_version=source.version,
        from_node=values["source"],
        to_framework=target.id,
        to_version=target.version,
        to_node=values["target"],
        relation=values["relation"],
        note=values["note"],
    )
