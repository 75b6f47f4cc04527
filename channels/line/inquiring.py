"""Words for which no question waits: they go to the city once the resident taps that they shall.

Nothing is kept here, and nothing goes to the city before the tap: the words stand in the button.
"""

import hashlib
from datetime import UTC, datetime

from channels import wording
from channels.line import limits, messages
from channels.line.messages import Message
from channels.line.postback import Do
from channels.line.shapes import MOST_WORDS
from channels.line.verbs import Verb
from channels.line.visits import Visit
from todoke.v1.campaigns_pb2 import AnsweringHours, ReceiveInquiryRequest
from todoke.v1.dispatches_pb2 import InquiryTold

SECTION = "line_inquiries"


def offer(visit: Visit, text: str) -> list[Message]:
    """Ask whether the words shall go to the city; whoever meant something else finds it below."""
    title, text = _say("title", visit.language), text.strip()
    said, ways = messages.ways_on(
        is_registered=visit.contact.registered,
        language=visit.language,
        renewal_due=visit.contact.renewal_due,
        has_app=visit.account.has_app,
    )
    # Whoever is to register, or to renew it, is told so here as well.
    first = said[:1] if visit.contact.renewal_due or not visit.contact.registered else []
    if limits.units(text) > MOST_WORDS:
        lines = [_say("too_long", visit.language, limit=MOST_WORDS), *first]
        return [messages.card(title, lines, ways)]
    lines = [_say("which", visit.language), text, *first, _say("or_else", visit.language)]
    send = messages.press(Do(Verb.INQUIRE, (visit.asked, text)), _say("send", visit.language))
    return [messages.card(title, lines, [send, *ways])]


async def send(visit: Visit, asked: str, text: str) -> list[Message]:
    """Send the words to the city, once however often the button is pressed."""
    if not visit.account.takes_inquiries:
        return messages.old_button(visit.language)
    if not visit.is_sure(asked):
        return offer(visit, text)
    contact = visit.event.contact
    said = hashlib.sha256(f"{contact}\0{asked}\0{text}".encode()).hexdigest()
    request = ReceiveInquiryRequest(
        external_id=contact, text=text, request_id=f"inquiry:{said[:40]}"
    )
    request.time.FromDatetime(datetime.fromtimestamp(int(asked), UTC))
    received = await visit.core.ask(visit.core.campaigns.ReceiveInquiry, request)
    return messages.texts(
        "\n".join((_say("sent", visit.language), hours(received.hours, visit.language)))
    )


def hours(held: AnsweringHours, language: str) -> str:
    """Say when an answer can be expected."""
    if not held.answer_from:
        return _say("any_time", language)
    name = "within_hours" if held.open else "outside_hours"
    return _say(name, language, begin=held.answer_from, end=held.answer_to)


def answer(told: InquiryTold) -> list[Message]:
    """Tell what staff answered, under the name of the city."""
    language = told.language or wording.FIRST
    return messages.texts(_say("answer", language, city=told.author, text=told.text))


def _say(name: str, language: str, **places: object) -> str:
    return wording.say(SECTION, name, language, **places)
