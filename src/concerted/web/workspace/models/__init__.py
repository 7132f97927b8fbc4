"""Records of partners, every version of them, what is said of them, and which files must be written anew."""

from concerted.web.workspace.models.kept import Condition, Kept, KeptVersion
from concerted.web.workspace.models.record import SOURCE_ID, Record, RecordVersion, derived
from concerted.web.workspace.models.remark import Outcome, Remark, Said
from concerted.web.workspace.models.shard import SHARDS, Shard, shard_of

__all__ = [
    "SHARDS",
    "SOURCE_ID",
    "Condition",
    "Kept",
    "KeptVersion",
    "Outcome",
    "Record",
    "RecordVersion",
    "Remark",
    "Said",
    "Shard",
    "derived",
    "shard_of",
]
