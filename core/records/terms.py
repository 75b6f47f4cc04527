"""How long records are kept when nobody asks for them to be deleted."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms in force; the settings say them.

    A closed registration is kept for `closed`, a contact that never registered for `contact` after
    it was last seen, a registration that was refused at the counter for `refused`. An application
    is kept for `application` after its decision, also where the resident is deleted before. What
    was written to and fro is kept for `inquiry` after it was closed, the names of households and
    members for `household` after they left their association.
    """

    closed: timedelta
    contact: timedelta
    refused: timedelta
    application: timedelta
    inquiry: timedelta
    household: timedelta
