"""The language a resident is spoken to in, and the topics they want to hear of."""

from dataclasses import dataclass

from channels import wording
from channels.line import flex, limits, menu, messages
from channels.line.menu_messages import quick, say, turned
from channels.line.messages import Message, menu_button
from channels.line.postback import Do
from channels.line.verbs import Verb
from channels.line.visits import Visit
from todoke.client import CoreError
from todoke.v1.procedures_pb2 import Text
from todoke.v1.residents_pb2 import Choices, ChooseTopicsRequest, ListTopicsRequest, Topic

LANGUAGES = ("ja", "ja-x-easy", "en")
# Quick replies are 13 at most: beside these two to turn the page, and one back.
TOPICS = 10


@dataclass(frozen=True, slots=True)
class Wishes:
    """What there is to choose from, and what is chosen."""

    topics: list[Topic]
    chosen: frozenset[str]
    language: str
    etag: str


async def languages(visit: Visit) -> list[Message]:
    if not visit.contact.registered:
        return menu.not_registered(visit)
    return _languages("languages", visit.language)


async def speak(visit: Visit, language: str) -> list[Message]:
    wishes = await _wishes(visit)
    if wishes.language != language:
        await _choose(visit, wishes, Change(language=language))
    visit.account.menus.meet(visit.event.contact, is_registered=True, language=language)
    return _languages("language_chosen", language)


async def topics(visit: Visit, page: str) -> list[Message]:
    return _topics(await _wishes(visit), int(page), visit.language)


async def choose(visit: Visit, topic: str, how: str, page: str) -> list[Message]:
    wishes = await _wishes(visit)
    named = frozenset({topic})
    if how == "on" and topic not in wishes.chosen:
        wishes = await _choose(visit, wishes, Change(take=named))
    elif how == "off" and topic in wishes.chosen:
        wishes = await _choose(visit, wishes, Change(leave=named))
    return _topics(wishes, int(page), visit.language)


async def _wishes(visit: Visit) -> Wishes:
    choices = (await menu.record(visit)).choices
    pages = visit.core.pages(visit.core.residents.ListTopics, ListTopicsRequest())
    topics = [one async for page in pages for one in page.topics]
    return _of(choices, topics, visit.language)


def _of(choices: Choices, topics: list[Topic], language: str) -> Wishes:
    chosen = set(choices.topics)
    if not choices.etag:
        # Who never chose hears of these; to choose a first thing must not end them.
        chosen |= {topic.key for topic in topics if topic.chosen_at_first}
    return Wishes(topics, frozenset(chosen), choices.language or language, choices.etag)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that a tap changes; the rest stays as it is."""

    language: str = ""
    take: frozenset[str] = frozenset()
    leave: frozenset[str] = frozenset()


async def _choose(visit: Visit, wishes: Wishes, change: Change) -> Wishes:
    """Make the change; where another tap came between, make it to what is chosen now."""
    try:
        return await _send(visit, wishes, change)
    except CoreError as error:
        if error.reason not in {"CHANGED_MEANWHILE", "REQUEST_ID_REUSED"}:
            raise
        now = await _wishes(visit)
        if error.reason == "REQUEST_ID_REUSED":
            # This tap was dealt with, and a later one has changed things since.
            return now
    return await _send(visit, now, change)


async def _send(visit: Visit, wishes: Wishes, change: Change) -> Wishes:
    request = ChooseTopicsRequest(
        speaker=visit.speaker,
        language=change.language or wishes.language,
        topics=sorted((wishes.chosen | change.take) - change.leave),
        etag=wishes.etag,
        request_id=visit.event.id,
    )
    done = await visit.core.ask(visit.core.residents.ChooseTopics, request)
    return _of(done.choices, wishes.topics, visit.language)


def _languages(name: str, language: str) -> list[Message]:
    actions = [
        quick(Do(Verb.SPEAK, (tag,)), say(f"language_{tag.replace('-', '_')}", language))
        for tag in LANGUAGES
    ]
    said = messages.texts(say(name, language))
    return messages.with_quick_replies(said, [*actions, menu_button(language)])


def _topics(wishes: Wishes, page: int, language: str) -> list[Message]:
    if not wishes.topics:
        said = messages.texts(say("topics_none", language))
        return messages.with_quick_replies(said, [menu_button(language)])
    shown, turns = turned(wishes.topics, page, Verb.TOPICS, language, size=TOPICS)
    place = str(wishes.topics.index(shown[0]) // TOPICS + 1)
    facts, actions = [], []
    for topic in shown:
        is_chosen = topic.key in wishes.chosen
        title = _title(topic.title, language)
        state = say("topic_on" if is_chosen else "topic_off", language)
        facts.append((limits.clip(title, 200), state))
        word = say("topic_leave" if is_chosen else "topic_take", language, topic=title)
        pressed = Do(Verb.TOPIC, (topic.key, "off" if is_chosen else "on", place))
        actions.append(quick(pressed, word))
    title = say("menu_topics", language)
    parts = [flex.paragraph(say("topics_lead", language)), *(flex.fact(*fact) for fact in facts)]
    words = "\n".join([title, *(f"{name}:{state}" for name, state in facts)])
    bubble = messages.flex_message(words, flex.bubble(title, parts, []))
    return messages.with_quick_replies([bubble], [*actions, *turns, menu_button(language)])


def _title(text: Text, language: str) -> str:
    """Say a topic in the resident's language, or in the nearest there is."""
    by = text.by_language
    tags = (language, wording.spoken(language), wording.FIRST)
    return next((by[tag] for tag in tags if tag in by), "") or "―"
