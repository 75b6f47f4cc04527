"""When nothing is sent, how large a request is, and what a campaign's texts may hold."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from core.errors import BadRequest, NotFound, NotNow
from core.japan import JST
from core.letters.rules import USUAL_WINDOW

EACH = 100
"""Recipients of a dispatch that goes to each apart: a moment's work, should it be done again."""

PLACES = ("name", "town")
"""What a text may have of its recipient."""

_PLACE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


class Use(StrEnum):
    """What a template is for; an answer goes out as it is written, and has no places."""

    MESSAGE = "message"
    ANSWER = "answer"


class TemplateUnknown(NotFound):
    reason = "TEMPLATE_UNKNOWN"


class TextPlaceUnknown(BadRequest):
    reason = "TEXT_PLACE_UNKNOWN"


class CampaignNeedsApproval(NotNow):
    reason = "CAMPAIGN_NEEDS_APPROVAL"


class NobodyToTell(NotNow):
    reason = "NOBODY_TO_TELL"


@dataclass(frozen=True, slots=True)
class Sending:
    """The rules of sending where none were set: quiet at night, a second look at many."""

    quiet_from: str = "21:00"
    quiet_to: str = "08:00"
    weekly_cap: int = 0
    approval_from: int = 1_000
    answer_from: str = ""
    answer_to: str = ""
    window_left: int = USUAL_WINDOW.left
    window_top: int = USUAL_WINDOW.top
    window_width: int = USUAL_WINDOW.width
    window_height: int = USUAL_WINDOW.height


def is_quiet(begin: str, end: str, now: datetime) -> bool:
    """Whether it is from `begin` to before `end`, over midnight or not; equal is never."""
    clock = now.astimezone(JST).time()
    first, last = time.fromisoformat(begin), time.fromisoformat(end)
    if first <= last:
        return first <= clock < last
    return clock >= first or clock < last


def next_time(of_day: str, now: datetime) -> datetime:
    """Return the next moment at which it is this time of day in Japan."""
    moment = datetime.combine(now.astimezone(JST).date(), time.fromisoformat(of_day), JST)
    return moment if moment >= now else moment + timedelta(days=1)


def places_of(text: str) -> Iterator[str]:
    """Yield the places of a text; a brace that is meant is written twice.

    A brace that stands alone is a place without a name.
    """
    for found in _PLACE.finditer(text):
        if found[0] not in {"{{", "}}"}:
            yield found[1] or ""


def check_places(text: Mapping[str, str], field: str, *, known: Collection[str] = PLACES) -> None:
    """Raise TextPlaceUnknown where a text has a place that nothing fills."""
    for language, words in text.items():
        for place in places_of(words):
            if place not in known:
                there_are = ", ".join(f"{{{name}}}" for name in known) or "none"
                raise TextPlaceUnknown(
                    f"{field} ({language}): nothing fills {{{place}}}; there are {there_are},"
                    " and {{ for a brace",
                    field=field,
                    place=place,
                    language=language,
                    problem="" if known else "NO_PLACES",
                )


def filled(text: str, places: Mapping[str, str]) -> str:
    """Return a text with its places filled and its double braces single."""

    def put(found: re.Match[str]) -> str:
        if found[0] in {"{{", "}}"}:
            return found[0][0]
        return places.get(found[1] or "", "")

    return _PLACE.sub(put, text)
