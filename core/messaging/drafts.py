"""A campaign's draft as it is kept: the contract's CampaignDraft in JSON, read for what is done."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.campaigns.rows import Campaign
from core.messaging import rules
from core.messaging.repeating import Repeat, Repeats
from core.segments import rules as segments

Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Draft:
    """What a campaign says, by language, and to whom."""

    title: Texts
    body: Texts
    condition: segments.Condition
    topic: str
    image_id: str = ""
    buttons: tuple[tuple[Texts, str], ...] = ()
    procedure: str = ""
    channels: tuple[str, ...] = ()
    repeats: Repeats | None = None
    letter_after_days: int = 0

    @property
    def is_personal(self) -> bool:
        """Whether each recipient is told something of their own."""
        return any(self.places)

    @property
    def places(self) -> frozenset[str]:
        """The places of its texts, in whichever language."""
        texts = (*self.title.values(), *self.body.values())
        return frozenset(place for text in texts for place in rules.places_of(text))

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages it is written in."""
        return tuple(sorted({*self.title, *self.body}))


def of(campaign: Campaign) -> Draft:
    """Return the draft of a campaign that staff laid out."""
    return read(json.loads(campaign.draft_json))


def read(draft: Mapping[str, Any]) -> Draft:
    """Return a draft of JSON with the contract's names; raise SegmentInvalid."""
    message = draft["message"]
    return Draft(
        title=_text(message["title"]),
        body=_text(message["body"]),
        condition=segments.read(draft["recipients"]),
        topic=draft["topic"],
        image_id=message.get("image_id", ""),
        buttons=tuple(
            (_text(button["label"]), button["url"]) for button in message.get("buttons", ())
        ),
        procedure=message.get("procedure", ""),
        channels=tuple(draft.get("channels", ())),
        repeats=repeats_of(draft),
        letter_after_days=draft.get("letter_after_days", 0),
    )


def repeats_of(draft: Mapping[str, Any]) -> Repeats | None:
    """Return how a draft is repeated, None where it is sent once; raise ValueError for no day."""
    if not draft.get("repeat"):
        return None
    rests = [
        (date.fromisoformat(rest["begin_date"]), date.fromisoformat(rest["end_date"]))
        for rest in draft.get("repeat_except", ())
    ]
    until = date.fromisoformat(draft.get("repeat_until", ""))
    return Repeats(Repeat(draft["repeat"]), until, tuple(rests))


def texts_of(message: Mapping[str, Any]) -> Iterator[tuple[str, Texts]]:
    """Yield the texts of a message in JSON, by field."""
    yield "message.title", _text(message["title"])
    yield "message.body", _text(message["body"])
    for at, button in enumerate(message.get("buttons", ())):
        yield f"message.buttons[{at}].label", _text(button["label"])


def _text(json: Mapping[str, Any]) -> Texts:
    text: Texts = json.get("by_language", {})
    return text
