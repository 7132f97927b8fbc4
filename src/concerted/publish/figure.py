"""What a figure of the picture is about."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """What a figure is about; null = not restricted. Nodes and places include what lies beneath them.

    `node` ALL is the whole framework without UNCLASSIFIED, as in `out_cell`; null is the same. `is_undated` asks for
    the unknown year.
    """

    framework: str
    node: str | None = None
    place: str | None = None
    period: int | None = None
    is_undated: bool = False
    org: int | None = None
    finance_kind: str | None = None
    activity: int | None = None
