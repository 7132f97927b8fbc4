"""Write records. Each function checks that the actor may, and writes to the log in the same transaction."""

from concerted.web.workspace.actions.life import restore, step
from concerted.web.workspace.actions.remarks import accept, answer, remark
from concerted.web.workspace.actions.saving import (
    Clash,
    RefusedError,
    Saved,
    begin,
    create,
    make,
    may_write,
    save,
    settle,
)

__all__ = [
    "Clash",
    "RefusedError",
    "Saved",
    "accept",
    "answer",
    "begin",
    "create",
    "make",
    "may_write",
    "remark",
    "restore",
    "save",
    "settle",
    "step",
]
