"""What delivery asks of campaigns, and of what is told to several in none.

They know of it and not the other way round.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from core.dispatches.rows import Dispatch
from core.dispatches.rules import State


class Campaigns(Protocol):
    """The campaigns of the core, whatever they are made of."""

    def quiet_until(self, session: Session, municipality: str, now: datetime) -> datetime | None:
        """Return until when campaigns wait that are no emergency; None where they do not."""
        ...

    def form(self, session: Session, dispatches: Sequence[Dispatch], now: datetime) -> None:
        """Put recipients and words into dispatches before their first attempt."""
        ...

    def refused(
        self, session: Session, dispatch: Dispatch, *, by_content: bool, now: datetime
    ) -> State:
        """Take in that what goes to many was refused for good; return what it is now."""
        ...

    def refuse_some(
        self, session: Session, dispatch: Dispatch, places: Collection[int], now: datetime
    ) -> None:
        """Take in that some of its recipients were refused, by their place in it."""
        ...

    def carry_untaken(
        self, session: Session, dispatch: Dispatch, places: Collection[int], now: datetime
    ) -> Dispatch | None:
        """Queue some of its recipients, by their place in it, anew under a new key.

        Return what carries them; None where nobody of them is told it any more.
        """
        ...

    def send_again(self, session: Session, dispatch: Dispatch, now: datetime) -> str:
        """Queue it anew under a new key; return the id. Raises WrongState where nobody is left."""
        ...

    def may_tell(
        self, session: Session, municipality: str, resident_id: str, contact_id: str
    ) -> bool:
        """Whether somebody may still be told something on a contact, in no campaign.

        The id of who is not registered is empty.
        """
        ...

    def after_trouble(self, session: Session, dispatch: Dispatch) -> State:
        """Return where a dispatch goes that is to be tried again."""
        ...

    def after_not_sent(self, session: Session, dispatch: Dispatch) -> State:
        """Return where a dispatch goes of which a person found that it was not sent."""
        ...
