"""The fields that a column of a sheet can have, and what a reader is told about each column.

Place on the way: between headers or HXL tags and statements. `FIELDS` is the list a person may use in `mapping:` of a
source.yml; its texts are the reference documentation.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

ROLES = {"funding": "1", "accountable": "2", "extending": "3", "implementing": "4"}
PEOPLE = ("in_need", "targeted", "reached", "affected")
#: Transaction types of IATI 2.03 by the word for the money; `budget` is no transaction.
TRANSACTIONS = {"incoming": "1", "commitment": "2", "disbursement": "3", "expenditure": "4", "pledge": "13"}

FIELDS: dict[str, str] = {
    "identifier": "Code of the project or activity, the partner's own or an iati-identifier",
    "group": "Key shared by rows that tell parts of one activity, where there is no code",
    "title": "Title of the activity",
    "description": "Description",
    "state": "requested, planned, ongoing, completed, cancelled, or a word for it in French, English, Arabic, Spanish",
    "start_date": "First day; actual if the activity has begun, else planned",
    "end_date": "Last day; actual if the activity is completed, else planned",
    "start_planned_date": "First day as planned",
    "start_actual_date": "First day as it was",
    "end_planned_date": "Last day as planned",
    "end_actual_date": "Last day as it was",
    "reported_date": "Day on which the row was true",
    "reported_year": "Year of the report",
    "reported_month": "Month of the report, number or name",
    "org": "Who does it and reports it: reporting organisation, and implementing one where no column names another",
    "org_ref": "Identifier of `org`",
    "org_type": "Kind of `org`: OrganisationType code or a word for it",
    "reporting_org": "Who reports",
    "reporting_org_ref": "Identifier of who reports",
    "reporting_org_type": "Kind of who reports",
    **{
        f"{role}_org{part}": f"{what} {role} organisation"
        for role in ROLES
        for part, what in (("", "Name of the"), ("_ref", "Identifier of the"), ("_type", "Kind of the"))
    },
    "country": "Country: name or ISO code",
    **{f"admin{n}_{part}": f"Admin level {n}: {part}" for n in (1, 2, 3) for part in ("code", "name")},
    "location_name": "Name of a place below the admin levels: village, camp, site",
    "latitude": "Degrees, WGS 84",
    "longitude": "Degrees, WGS 84",
    "sector": "Sector, cluster or theme by name",
    "sector_code": "Sector by code; `vocabulary` says of which list",
    "tag": "A node of a framework that the owner declares; `vocabulary` or `framework` says of which list",
    **{kind: f"People {kind.replace('_', ' ')}; `group` says which people" for kind in PEOPLE},
    "budget": "Money budgeted",
    **{kind: f"Money: {kind}" for kind in TRANSACTIONS},
    "currency": "Currency of the row's money: ISO 4217 or a word",
    "value_date": "Day at whose rate the row's money is valued",
    "link": "Address of a document or page",
    "marking": "Who may see the row: CLEAR, GREEN, AMBER:group, ..",
    "language": "Language of the row's texts",
    "humanitarian": "Yes or no",
    "attribute": "Kept as it came, without meaning here",
    "drop": "Not stored (persons); counted",
}

#: Fields of which a row has one; further columns of the same field are kept as attributes.
SINGLE = frozenset(
    name for name in FIELDS if not name.startswith(("sector", "tag", *PEOPLE, "title", "attribute", "drop", "link"))
    and name not in {"budget", *TRANSACTIONS} and not {"org"} & set(name.split("_"))
)  # fmt: skip


@dataclass(frozen=True)
class Column:
    """What one column is: where it stands, what it is called in the source, its field and how to read it."""

    index: int
    name: str
    field: str
    group: str | None = None
    lang: str | None = None
    separator: str | None = None
    date_format: str | None = None
    decimal: str | None = None
    factor: Decimal = Decimal(1)
    currency: str | None = None
    vocabulary: str | None = None
    vocabulary_uri: str | None = None
    values: Mapping[str, str] = dataclasses.field(default_factory=dict)
    party: str = ""


@dataclass(frozen=True)
class Plan:
    """How to read one sheet: its columns, fields that are the same in every row, and what a row is."""

    columns: tuple[Column, ...]
    constants: Mapping[str, str]
    row_kind: Literal["presence", "project"]
    sheet: str | None
    first_row: int

    def of(self, *fields: str) -> list[Column]:
        """Columns of these fields, in their order in the sheet."""
        return [column for column in self.columns if column.field in fields]
