"""A refusal's reason: what, why and what next, in Indonesian."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Reason:
    """Why something may not happen.

    `code` is stable for tests and the API; `text` is one Indonesian sentence for people, `next_step` what
    they can do about it; `field` names the form field at fault, if one is.
    """

    code: str
    text: str
    next_step: str = ""
    field: str = ""

    def __str__(self) -> str:
        return f"{self.text} {self.next_step}".strip()


class Refused(Exception):
    """An action did not happen; nothing was written. Carries at least one reason."""

    status = 422

    def __init__(self, reasons: Sequence[Reason]) -> None:
        self.reasons = list(reasons)
        super().__init__(" ".join(str(reason) for reason in self.reasons))


class Conflict(Refused):
    """Somebody else was first: answered with 409, who did it and when."""

    status = 409


class Forbidden(Refused):
    """The person may see the thing but not do this with it."""

    status = 403


def refuse_if(reasons: Sequence[Reason]) -> None:
    """Raise `Refused` when there is any reason not to."""
    if reasons:
        raise Refused(reasons)
