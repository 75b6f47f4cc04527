"""All answers to look through, as bubbles: each line with a button that changes it."""

from collections.abc import Iterator, Sequence
from typing import Any

from channels import wording
from channels.line import flex, limits, messages, prompts
from channels.line.messages import Action, Message, press
from channels.line.postback import Do
from channels.line.verbs import Verb
from todoke.v1.procedures_pb2 import Review, ReviewLine

SECTION = "line_asking"
BUBBLES = 12
CAROUSEL_BYTES = 50 * 1024
MOST_PROBLEMS = 12
LINES = 10
"""At most so many answers in a bubble: it is still looked through on a phone."""
LENGTHS = (1_000, 300, 100, 40)
"""What an answer is shown with, the more the better."""


def review(review: Review) -> list[Message]:
    """Show all answers; they are shortened only where LINE does not take them whole."""
    language = review.language or wording.FIRST
    title = wording.say(SECTION, "review_title", language)
    heads = [*prompts.whose(review.on_behalf_of, language), review.title.strip() or title, title]
    alternative = limits.clip("\n".join(heads), limits.ALTERNATIVE)
    carousels = _fitting(review, language)
    said = [messages.flex_message(alternative, each) for each in carousels]
    if not review.previous_step:
        return said
    reopen = Do(Verb.REOPEN, (review.application_id, review.previous_step))
    word = wording.say(SECTION, "back", language)
    return messages.with_quick_replies(said, [press(reopen, word, limit=limits.QUICK_REPLY_LABEL)])


def _fitting(review: Review, language: str) -> list[dict[str, Any]]:
    """Return the containers of at most five messages."""
    for length in LENGTHS:
        containers = list(_containers(_bubbles(review, language, length)))
        if len(containers) <= limits.MESSAGES:
            return containers
    # Only the page shows it all; what is filed must be seen, so there it is filed as well.
    cut = flex.paragraph(wording.say(SECTION, "review_cut", language))
    to_page = wording.say(SECTION, "go_page", language)
    action = press(Do(Verb.ON_PAGE, (review.application_id,)), to_page)
    title = limits.clip(review.title, prompts.TITLE) or "―"
    return [flex.bubble(title, [*_heads(review, language), cut], [action])]


def _bubbles(review: Review, language: str, length: int) -> list[dict[str, Any]]:
    shown = [_line(line, review.application_id, language, length) for line in review.lines]
    groups: list[list[flex.Component]] = [[]]
    for part in shown:
        tried = _bubble(review, language, [*groups[-1], part], 0, 0)
        is_over = flex.size(tried) > limits.BUBBLE_BYTES or len(groups[-1]) == LINES
        if groups[-1] and is_over:
            groups.append([])
        groups[-1].append(part)
    return [
        _bubble(review, language, group, number, len(groups))
        for number, group in enumerate(groups, 1)
    ]


def _bubble(
    review: Review, language: str, parts: Sequence[flex.Component], number: int, pages: int
) -> dict[str, Any]:
    """Build a bubble; 0 as `number` is one of which only the size is looked at."""
    title = limits.clip(review.title.strip(), prompts.TITLE)
    actions: list[Action] = []
    lead: list[flex.Component] = []
    if number in {0, 1}:
        lead += _heads(review, language)
    if number in {0, pages}:
        word = wording.say(SECTION, "submit", language)
        actions.append(press(Do(Verb.SUBMIT, (review.application_id,)), word))
        if prompts.is_stopping(list(review.problems)):
            actions.append(prompts.take_back(review.application_id, language))
    if pages > 1:
        more = wording.say(SECTION, "review_more", language, page=number, pages=pages)
        lead.insert(0, flex.paragraph(more, size="sm", color=flex.QUIET))
    name = wording.say(SECTION, "review_title", language)
    return flex.bubble(title or name, [*lead, *parts], actions)


def _heads(review: Review, language: str) -> list[flex.Component]:
    """Say whose it is, what staff wrote, what went wrong, and what to do."""
    whose = prompts.whose(review.on_behalf_of, language)
    parts = [flex.paragraph(limits.clip(line, 300), weight="bold") for line in whose]
    if returned := review.returned_with.strip():
        label = wording.say("prompts", "returned_with", language)
        parts += [
            flex.paragraph(label, size="sm", color=flex.WARNING, weight="bold"),
            flex.paragraph(limits.clip(returned, 600)),
        ]
    wrong = prompts.told(list(review.problems), language)[:MOST_PROBLEMS]
    parts += [flex.paragraph(line, color=flex.WARNING, weight="bold") for line in wrong]
    return [*parts, flex.paragraph(wording.say(SECTION, "review_lead", language))]


def _line(line: ReviewLine, application_id: str, language: str, length: int) -> flex.Component:
    value = line.value.strip() or wording.say(SECTION, "review_empty", language)
    if line.sensitive and line.value.strip():
        value = wording.say(SECTION, "review_hidden", language)
    label = limits.clip(line.label.strip(), min(length, 300)) or "―"
    action = None
    if line.changeable:
        word = wording.say(SECTION, "change", language)
        action = press(Do(Verb.REOPEN, (application_id, line.step)), word)
    return flex.line(label, limits.clip(value, length), action)


def _containers(bubbles: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Pack bubbles into carousels, each within LINE's limits; one alone stands as it is."""
    packed: list[dict[str, Any]] = []
    for bubble in bubbles:
        tried = {"type": "carousel", "contents": [*packed, bubble]}
        if packed and (len(packed) == BUBBLES or flex.size(tried) > CAROUSEL_BYTES):
            yield _container(packed)
            packed = []
        packed.append(bubble)
    yield _container(packed)


def _container(bubbles: list[dict[str, Any]]) -> dict[str, Any]:
    return bubbles[0] if len(bubbles) == 1 else {"type": "carousel", "contents": bubbles}
