"""What goes with every export: which edition, for whom, under which marking and licences, and how it may be read.

Enters: an edition, a viewer, a table. Leaves: the same facts for a sheet, for Parquet metadata and for CSV on the Web.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from concerted.marking import Viewer, narrowness, permitted_keys
from concerted.model.tables import Column, tables
from concerted.publish.shown import shown_edition_id, visible_inputs
from concerted.publish.visible import marking_keys
from concerted.store.edition import read_manifest

NOTICE = {
    "en": "An empty cell is unknown, not zero; where a column says that a count is suppressed, it is neither. Money is"
    " a range: low is confirmed, high cannot be excluded. Kinds of money are never added together, nor counts of"
    " activities over cells. Each source keeps its own licence. Pass on no further than the marking allows.",
    "fr": "Une cellule vide est inconnue, non nulle ; là où une colonne dit qu'un effectif est occulté, elle n'est ni"
    " l'un ni l'autre. L'argent est une fourchette : le bas est confirmé, le haut ne peut être exclu. Les types de"
    " montants ne s'additionnent pas entre eux, ni les nombres d'activités d'une cellule à l'autre. Chaque source garde"
    " sa licence. Ne transmettez pas au-delà de ce que permet le marquage.",
    "ar": "الخلية الفارغة مجهولة وليست صفرًا، وحيث يقول عمود إن العدد محجوب فليست هذا ولا ذاك. الأموال نطاق:"
    " الأدنى مؤكد والأعلى لا يمكن استبعاده. لا تُجمع أنواع الأموال معًا ولا أعداد الأنشطة عبر الخلايا. يحتفظ كل مصدر"
    " برخصته. لا تنقلها أبعد مما يسمح به التصنيف.",
}
#: Types of the field dictionary as XML Schema names them, which CSV on the Web uses.
_DATATYPES = {
    "int32": "integer",
    "int64": "integer",
    "ppb": "integer",
    "float64": "double",
    "bool": "boolean",
    "date": "date",
    "timestamp": "datetime",
    "amount": "decimal",
    "usd": "decimal",
    "eur": "decimal",
}
#: What `visible.counts_sql` adds to tables with counts of people.
SUPPRESSED_COLUMN = Column(
    "suppressed",
    "string",
    "publish",
    "Columns whose value is left out of the row, because it counts few people or would tell such a count; an empty cell"
    " there is neither unknown nor zero",
)
NOT_STATED = "licence not stated"


@dataclass(frozen=True)
class About:
    """What an export is.

    Attributes:
        markings: keys of the rows that the viewer may see in this edition, widest first; the last binds the file.
        licences: licence -> publishers or sources under it.
    """

    edition: str
    as_of: str
    code: str
    table: str
    doc: str
    viewer: str
    markings: tuple[str, ...]
    licences: dict[str, tuple[str, ...]]

    def flat(self) -> dict[str, str]:
        """Name and text of each fact."""
        licences = "; ".join(f"{name}: {', '.join(who)}" for name, who in self.licences.items())
        return {
            "edition": self.edition,
            "as_of": self.as_of,
            "made_by": self.code,
            "table": self.table,
            "about": self.doc,
            "viewer": self.viewer,
            "marking": self.markings[-1] if self.markings else "",
            "markings_within": ", ".join(self.markings),
            "licences": licences,
            **{f"notice_{lang}": text for lang, text in NOTICE.items()},
        }

    def csvw(self, url: str, columns: list[str]) -> dict[str, Any]:
        """The facts as W3C's "Metadata Vocabulary for Tabular Data" writes them, with the meaning of each column."""
        spec = next(s for s in tables().values() if s.full_name == self.table)
        known = {c.name: c for c in (*spec.columns, SUPPRESSED_COLUMN)}
        return {
            "@context": "http://www.w3.org/ns/csvw",
            "url": url,
            "dc:title": f"{self.table}: {self.doc}",
            "dc:identifier": self.edition,
            "dc:date": self.as_of,
            "dc:creator": self.code,
            "dc:accessRights": {
                "viewer": self.viewer,
                "marking": self.flat()["marking"],
                "within": list(self.markings),
            },
            "dc:license": {name: list(who) for name, who in self.licences.items()},
            "dc:rights": NOTICE,
            "null": "",
            "tableSchema": {
                "columns": [
                    {
                        "name": name,
                        "datatype": _DATATYPES.get(known[name].type, "string"),
                        "dc:description": known[name].doc,
                    }
                    for name in columns
                ],
                "primaryKey": list(spec.key),
            },
        }


def describe(viewer: Viewer, connection: duckdb.DuckDBPyConnection, folder: Path, table: str) -> About:
    """What an export of `table` for `viewer` is; of inputs with hidden records nothing is told."""
    manifest = read_manifest(folder)
    spec = next(s for s in tables().values() if s.full_name == table)
    return About(
        edition=shown_edition_id(viewer, connection, manifest),
        as_of=manifest["as_of"],
        code=f"concerted {manifest['code']['version']} ({manifest['code']['hash'][:12]})",
        table=table,
        doc=spec.doc,
        viewer="keeper" if viewer.is_keeper else "public" if viewer.is_public else "partner",
        markings=tuple(sorted(permitted_keys(viewer, marking_keys(connection)), key=narrowness)),
        licences=_licences(visible_inputs(viewer, manifest)),
    )


def _licences(inputs: list[dict[str, Any]]) -> dict[str, tuple[str, ...]]:
    """Who publishes under which licence, of the inputs that the viewer knows of."""
    found: dict[str, set[str]] = {}
    for entry in inputs:
        who = entry["publisher"] or entry["source_id"]
        found.setdefault(entry["licence"] or NOT_STATED, set()).add(who)
    return {licence: tuple(sorted(who)) for licence, who in sorted(found.items())}
