"""The one error tree: everything a user can mend is an `AttributionError`."""

from __future__ import annotations


class AttributionError(Exception):
    """A problem the user can mend; printed as one line, exit status 2.

    Parameters
    ----------
    what : str
        What failed and where.
    hint : str, optional
        What to try.
    """

    def __init__(self, what: str, hint: str = "") -> None:
        self.what = what
        self.hint = hint
        super().__init__(f"{what}; {hint}" if hint else what)


class InputError(AttributionError):
    """An article or a table that cannot be read."""


class CorpusError(AttributionError):
    """Annotated data that is malformed or contradicts itself."""


class ModelError(AttributionError):
    """A model folder that is missing, damaged or of another schema."""


class ProfileError(AttributionError):
    """A scoring profile or ratings table that does not validate."""


class TrainingError(AttributionError):
    """Training data or a recipe that no model can be trained from."""
