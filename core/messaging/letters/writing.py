"""Letters are chosen once a request, and written down before they are made."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from core import events
from core.callers import Caller
from core.campaigns import letter_rows
from core.campaigns import rows as campaigns
from core.campaigns.letter_rows import Letter
from core.campaigns.rows import Campaign
from core.campaigns.rules import Kind, LetterCause, State
from core.dispatches.rules import WrongState
from core.events import Municipality
from core.languages import MAIN_LANGUAGE, said
from core.letters.rules import NothingToPrint, Window
from core.messaging import drafts, rules
from core.messaging.drafts import Draft
from core.messaging.letters import whom
from core.messaging.letters.typesetting import Addressed, Text
from core.messaging.rows import Image, get_image, letter_window
from core.normalise.addresses import read_area
from core.residents.rows import IN_FORCE, OWN_FACTS, SERVED, Facts, Resident

PRINTS = (State.RUNNING, State.FINISHED)
"""Campaigns that letters are printed of: one that is held says nothing, on paper either."""

SET_IN = frozenset({"ja", "en", "pt", "es", "vi", "tl", "fil", "id"})
"""Languages whose letters are in the fonts; others read it in Japanese and English."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Whom to write to and why, how many wait beside them, and how many are left out."""

    causes: dict[str, str]
    remaining: int
    left_out: int


@dataclass(frozen=True, slots=True)
class Written:
    """A printing's letters as they were written down, and what they say."""

    city: str
    code: str
    time: datetime
    window: Window
    letters: list[Addressed]
    image: Image | None


def printable(session: Session, municipality: str, campaign_id: str) -> Campaign:
    """Return a campaign that letters are printed of; raise CampaignUnknown, WrongState."""
    campaign = campaigns.get(session, municipality, campaign_id)
    if campaign.kind is not Kind.MESSAGE or campaign.state not in PRINTS:
        raise WrongState(f"the campaign is {campaign.state}", state=campaign.state)
    return campaign


def choose(
    session: Session,
    campaign: Campaign,
    *,
    causes: Collection[LetterCause],
    most: int,
    now: datetime,
) -> Chosen:
    """Return whom to write to, in the order of the recipients; raise NothingToPrint."""
    of = whom.waiting(campaign, now).subquery("of")
    query = select(of.c.resident_id, of.c.cause, of.c.may)
    if causes:
        query = query.where(of.c.cause.in_([cause.value for cause in causes]))
    found = session.execute(query.order_by(of.c.resident_id)).all()
    allowed = {row.resident_id: row.cause for row in found if row.may}
    if not allowed:
        raise NothingToPrint("nobody of this campaign waits for a letter")
    some = dict(list(allowed.items())[:most])
    return Chosen(some, len(allowed) - len(some), len(found) - len(allowed))


def still(session: Session, campaign: Campaign, chosen: Chosen, *, now: datetime) -> Chosen:
    """Return those of the chosen who wait still, in their order; raise NothingToPrint.

    Another may have written to them since they were chosen, or they have opened it.
    """
    ids = list(chosen.causes)
    waits: set[str] = set()
    for start in range(0, len(ids), whom.PAGE):
        some = whom.waiting(campaign, now, of=ids[start : start + whom.PAGE]).subquery("of")
        waits.update(session.scalars(select(some.c.resident_id).where(some.c.may == 1)))
    if not waits:
        raise NothingToPrint("nobody of this campaign waits for a letter any more")
    return replace(chosen, causes={id: why for id, why in chosen.causes.items() if id in waits})


def write_down(
    session: Session,
    by: Caller,
    campaign: Campaign,
    chosen: Chosen,
    *,
    print_id: str,
    now: datetime,
) -> None:
    """Write each letter down, and the printing into the log."""
    values = [
        {
            "municipality": campaign.municipality,
            "campaign_id": campaign.id,
            "resident_id": resident_id,
            "cause": cause,
            "print_id": print_id,
            "position": position,
            "print_time": now,
            "actor": by.actor,
        }
        for position, (resident_id, cause) in enumerate(chosen.causes.items(), 1)
    ]
    for start in range(0, len(values), whom.PAGE):
        session.execute(insert(Letter), values[start : start + whom.PAGE])
    details = {
        "print": print_id,
        "letters": str(len(values)),
        "left_out": str(chosen.left_out),
        "remaining": str(chosen.remaining),
    }
    events.record(session, by, "campaign.letters_printed", campaign.id, now, details=details)


def written(session: Session, campaign: Campaign, print_id: str) -> Written:
    """Return a printing's letters in their order, without whoever may not be written to by now."""
    kept = letter_rows.of_print(session, campaign.municipality, print_id)
    addresses = addresses_of(session, campaign.municipality, [one.resident_id for one in kept])
    draft = drafts.of(campaign)
    return Written(
        city=session.get_one(Municipality, campaign.municipality).name,
        code=campaign.official_code or "",
        time=kept[0].print_time,
        window=letter_window(session, campaign.municipality),
        letters=[
            Addressed(
                number=one.number,
                name=addresses[one.resident_id][1].name,
                address=addresses[one.resident_id][1].address,
                texts=_texts(draft, *addresses[one.resident_id]),
            )
            for one in kept
            if one.resident_id in addresses
        ],
        image=_image(session, campaign.municipality, draft.image_id),
    )


def _image(session: Session, municipality: str, id: str) -> Image | None:
    image = get_image(session, municipality, id) if id else None
    if image is not None:
        _ = image.content  # Loaded while there is a transaction.
    return image


def addresses_of(
    session: Session, municipality: str, resident_ids: Collection[str]
) -> dict[str, tuple[str, Facts]]:
    """Return the language and the facts of those of the residents who may be written to."""
    ids = list(resident_ids)
    found: dict[str, tuple[str, Facts]] = {}
    for start in range(0, len(ids), whom.PAGE):
        query = (
            select(Resident.language, Facts)
            .join(Facts, OWN_FACTS)
            .where(
                Resident.municipality == municipality,
                Resident.id.in_(ids[start : start + whom.PAGE]),
                Resident.suppressed.is_(False),
                SERVED,
                IN_FORCE,
            )
        )
        found.update(
            (facts.resident_id, (tongue, facts)) for tongue, facts in session.execute(query)
        )
    return found


def _texts(draft: Draft, language: str, facts: Facts) -> tuple[Text, ...]:
    """Return what somebody reads, in their language, with their places filled."""
    places = {"name": facts.name, "town": read_area(facts.address)[0]}
    return tuple(
        Text(
            language=tag,
            title=rules.filled(said(draft.title, tag), places),
            body=rules.filled(said(draft.body, tag), places),
            buttons=tuple((said(label, tag), url) for label, url in draft.buttons),
        )
        for tag in _languages(draft, language or MAIN_LANGUAGE)
    )


def _languages(draft: Draft, language: str) -> tuple[str, ...]:
    if language.partition("-")[0] in SET_IN:
        return (language,)
    return tuple(
        dict.fromkeys((MAIN_LANGUAGE, *(tag for tag in ("en",) if tag in draft.languages)))
    )
