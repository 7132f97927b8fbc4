"""Files as a partner brings them, and what the pages answer."""

import io
from typing import Any

from openpyxl import load_workbook

from web.workspace import Workspace
from web.workspace_app.kept import editor, kept

INBOX = "/en/workspace/inbox/"


def bring(client: Any, data: bytes | str, name: str = "sheet.csv", sharing: str = "own", lang: str = "en") -> Any:
    """Bring a file; the answer."""
    sent = io.BytesIO(data.encode() if isinstance(data, str) else data)
    sent.name = name
    return client.post(INBOX.replace("/en/", f"/{lang}/"), {"file": sent, "sharing": sharing})


def brought(client: Any, data: bytes | str, name: str = "sheet.csv", **options: Any) -> Any:
    """Bring a file; the upload that it became."""
    from concerted.web.inbox.models import Upload

    answer = bring(client, data, name, **options)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return Upload.objects.get(pk=answer["Location"].rstrip("/").rpartition("/")[2])


def outcomes(upload: Any) -> list[str]:
    """What its rows would do, in their order."""
    return list(upload.rows.order_by("number").values_list("outcome", flat=True))


def accept(client: Any, upload: Any, **what: Any) -> Any:
    """Accept the safe rows, or one; the newest receipt."""
    from concerted.web.inbox.models import Receipt

    answer = client.post(f"{INBOX}{upload.pk}/accept/", what or {"safe": "1"})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return Receipt.objects.order_by("-made_at").first()


def own_records(workspace: Workspace, count: int) -> tuple[Any, list[Any]]:
    """An editor and so many kept records of the editor's organisation."""
    user = editor(workspace)
    found = [
        kept(
            user,
            title=f"Wells of {_NAMES[n % len(_NAMES)]} {n}",
            identifier=f"XM-ALPHA-{n}",
            state="ongoing",
            start_planned_date="2026-01-01",
        )
        for n in range(count)
    ]
    return user, found


def edited(data: bytes, *cells: tuple[str, str, Any]) -> bytes:
    """The workbook with some cells changed as a spreadsheet program would: (sheet, cell, value)."""
    book = load_workbook(io.BytesIO(data))
    for sheet, cell, value in cells:
        book[sheet][cell] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


_NAMES = ("Mopti", "Gao", "Kidal", "Kayes", "Sikasso", "Ménaka")
