"""Who acts: a person and the position held at that moment."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Actor:
    """A person acting, as every action receives it in `by`.

    `person_id` and `position_id` are row numbers for foreign keys; the `*_key`s are public ids for the
    journal; `title` is the position's title with its form ("Plt. Kepala Dinas"); `agency_key` is the
    agency in whose name the person acts. `token` is the form token of the request: the journal holds it
    once per person and verb, so the same form never takes effect twice.
    """

    person_id: int
    person_key: str
    name: str
    agency_id: int
    agency_key: str
    position_id: int | None = None
    position_key: str = ""
    title: str = ""
    token: str = ""

    def with_token(self, token: str) -> "Actor":
        """Return the same actor carrying the form token of one request."""
        return replace(self, token=token)
