"""Read records for a viewer, and what the form offers. The viewer is the first argument."""

from concerted.web.workspace.queries.audience import audience_words, directory
from concerted.web.workspace.queries.history import Told, history, last_said
from concerted.web.workspace.queries.picture import InPicture, in_picture
from concerted.web.workspace.queries.records import find_record, own_records
from concerted.web.workspace.queries.vocabulary import vocabulary

__all__ = [
    "InPicture",
    "Told",
    "audience_words",
    "directory",
    "find_record",
    "history",
    "in_picture",
    "last_said",
    "own_records",
    "vocabulary",
]
