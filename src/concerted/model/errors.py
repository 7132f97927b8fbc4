"""Errors, by what the caller can do about them. A message says what was found, what was expected, where, what to do."""


class ConcertedError(Exception):
    """Base of every error raised on purpose."""


class SourceError(ConcertedError):
    """A source cannot be opened or is refused as a whole; the run goes on with the others."""


class RecordError(ConcertedError):
    """One record cannot be used; it is set aside with an issue."""


class SchemaError(ConcertedError):
    """A table lacks a column or has another type: the run stops."""


class ConfigError(ConcertedError):
    """A setting, strategy, framework or source.yml is wrong; says which and where."""


class NotAllowedError(ConcertedError):
    """The viewer may not; callers must not reveal whether the thing exists."""
