"""What somebody did with an earlier campaign, as SQL on a resident.

Whoever files the procedure that a campaign begins, after it began, has answered it; who opened an
invitation has begun the application that it invited to.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, exists, func, not_, select
from sqlalchemy.orm import InstrumentedAttribute

from core.applications.rows import Application
from core.applications.rules import State as Applied
from core.campaigns.letter_rows import Letter
from core.campaigns.recipient_rows import Recipient
from core.campaigns.rows import Campaign
from core.campaigns.rules import Kind, Told
from core.dispatches.rows import Delivery, Dispatch
from core.dispatches.rules import State
from core.residents.rows import Resident

UNREACHED = (State.FAILED, State.DROPPED)
PASSED = (Told.FAILED, Told.DROPPED, Told.LEFT_OUT, Told.INBOX)
"""Whom no push has reached. Of whom it is unknown, it may have; a letter has, too."""


def of_resident(row: Any, after: str = "") -> tuple[ColumnElement[bool], ...]:
    """Return what makes rows those of a resident, of whom is asked only `after` an id."""
    its = (row.municipality == Resident.municipality, row.resident_id == Resident.id)
    return (*its, row.resident_id > after) if after else its


def engaged(campaign: Campaign, engagement: str, after: str = "") -> ColumnElement[bool]:
    """Return what is true of the campaign's recipients who stood so to it."""
    kind = _Invited if campaign.kind is Kind.INVITATION else _Recipients
    of = kind(campaign, after)
    opened, answered = (
        of.opened,
        exists().where(*of_resident(Application, after), *_filed(campaign)),
    )
    match engagement:
        case "opened":
            return opened
        case "answered":
            return of.told & answered
        case "not_answered":
            return of.told & not_(answered)
        case "not_reached":
            return of.unreached & not_(opened)
        case _:
            return of.told & not_(of.unreached) & not_(opened)


def answered_by(
    campaign: Campaign, resident_id: InstrumentedAttribute[str] = Resident.id
) -> ColumnElement[bool]:
    """Return what is true of whoever filed since the campaign began what it asks for."""
    return exists().where(Application.resident_id == resident_id, *_filed(campaign))


def answer_time(
    campaign: Campaign, resident_id: InstrumentedAttribute[str]
) -> ScalarSelect[datetime | None]:
    """Return when somebody filed first what the campaign asks for, since it began."""
    return (
        select(func.min(Application.submit_time))
        .where(Application.resident_id == resident_id, *_filed(campaign))
        .scalar_subquery()
    )


def _filed(campaign: Campaign) -> tuple[ColumnElement[bool], ...]:
    asked = (
        Application.program_id == campaign.program_id
        if campaign.kind is Kind.INVITATION
        else (Application.procedure_key == campaign.procedure_key)
        & (Application.procedure_key != "")
    )
    return (
        Application.municipality == campaign.municipality,
        Application.submit_time >= (campaign.start_time or campaign.create_time),
        asked,
    )


class _Recipients:
    """Those of a campaign that staff laid out."""

    def __init__(self, campaign: Campaign, after: str) -> None:
        self._key = (*of_resident(Recipient, after), Recipient.campaign_id == campaign.id)
        self._ended = select(Dispatch.batch).where(
            Dispatch.municipality == campaign.municipality,
            Dispatch.campaign_id == campaign.id,
            Dispatch.state.in_(UNREACHED),
        )

    @property
    def told(self) -> ColumnElement[bool]:
        return exists().where(*self._key)

    @property
    def opened(self) -> ColumnElement[bool]:
        return exists().where(*self._key, Recipient.open_time.is_not(None))

    @property
    def unreached(self) -> ColumnElement[bool]:
        return exists().where(
            *self._key,
            Recipient.state.in_(PASSED)
            | (Recipient.state.is_(None) & Recipient.batch.in_(self._ended)),
            ~exists().where(
                Letter.municipality == Recipient.municipality,
                Letter.campaign_id == Recipient.campaign_id,
                Letter.resident_id == Recipient.resident_id,
            ),
        )


class _Invited:
    """Those whom a program's invitation went to."""

    def __init__(self, campaign: Campaign, after: str) -> None:
        self._key = (*of_resident(Delivery, after), Delivery.campaign_id == campaign.id)
        self._begun = (
            *of_resident(Application, after),
            Application.program_id == campaign.program_id,
            Application.state != Applied.INVITED,
            Application.state != Applied.EXPIRED,
        )

    @property
    def told(self) -> ColumnElement[bool]:
        return exists().where(*self._key)

    @property
    def opened(self) -> ColumnElement[bool]:
        return self.told & exists().where(*self._begun)

    @property
    def unreached(self) -> ColumnElement[bool]:
        return exists().where(*self._key, Delivery.state.in_(UNREACHED))
