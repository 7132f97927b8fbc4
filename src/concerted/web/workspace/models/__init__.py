"""Records of partners, every version of them, and which files of the registry must be written anew."""

from concerted.web.workspace.models.record import Condition, Record, RecordVersion
from concerted.web.workspace.models.shard import SHARDS, Shard, shard_of

__all__ = ["SHARDS", "Condition", "Record", "RecordVersion", "Shard", "shard_of"]
