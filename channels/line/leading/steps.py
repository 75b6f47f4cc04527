"""What is asked for a draft, one thing after the other, and where what was sent for it belongs."""

import re

from channels.line import limits
from channels.line.leading import drafts
from todoke.v1 import circulars_pb2 as pb

LABEL = 100
QUESTION = 500
CORRECTION = 500
MOST_OPTIONS = 20
MOST_QUESTIONS = 30
FEWEST_OPTIONS = 2
PLAIN = {pb.CIRCULAR_KIND_NOTICE, pb.CIRCULAR_KIND_ATTENDANCE}
"""What asks nothing in words of its own, and so must say something."""

LIMITS = {
    "title": drafts.TITLE, "question": QUESTION, "choices": LABEL, "correction": CORRECTION,
}  # fmt: skip
"""How long each of what is asked for may be; the text has room for all that LINE sends."""

NUMBER = re.compile("[0-9]+$")
LACKS = {
    "content.vote.options": "choices",
    "due_date": "due",
    "correction": "correction",
}
"""What is asked for where a draft lacks something, as the core names it."""


def lacking(draft: pb.Circular) -> str:
    """Name what must still be asked for, before a draft can go out; nothing where it can."""
    if "content.questions" in draft.lacks:
        return "choices" if draft.content.questions else "question"
    for name in draft.lacks:
        return LACKS.get(name, "")
    says_nothing = not (draft.content.body or draft.content.file_ids)
    return "body" if says_nothing and draft.kind in PLAIN else ""


def following(request: pb.SaveCircularRequest) -> str:
    """Name what is asked for next; nothing where the draft is to be looked at."""
    content, kind = request.content, request.kind
    if kind == pb.CIRCULAR_KIND_SURVEY and not content.questions:
        return "question"
    if kind == pb.CIRCULAR_KIND_VOTE and len(content.vote.options) < FEWEST_OPTIONS:
        return "choices"
    if kind in PLAIN and not (content.body or content.file_ids):
        return "body"
    if request.corrects_id and not request.correction:
        return "correction"
    return "due" if kind == pb.CIRCULAR_KIND_VOTE and not request.due_date else ""


def fits(draft: pb.Circular, asked: str) -> bool:
    """Whether something can be asked for a draft of this kind."""
    match asked:
        case "question":
            return draft.kind == pb.CIRCULAR_KIND_SURVEY and not draft.corrects_id
        case "choices":
            has_any = draft.content.HasField("vote") or bool(draft.content.questions)
            return has_any and not draft.corrects_id
        case "rules":
            return draft.content.HasField("vote") and not draft.corrects_id
        case "correction":
            return bool(draft.corrects_id)
        case "due":
            return not draft.corrects_id
        case _:
            return True


def take(request: pb.SaveCircularRequest, text: str) -> None:
    """Put words where they were asked for, and ask for what comes then."""
    content = request.content
    match request.asked:
        case "title":
            content.title = _line(text)
        case "question":
            content.questions.add(key=_free({one.key for one in content.questions}), text=text)
            request.asked = "choices"
            return
        case "choices":
            add_options(request, text.splitlines())
            return
        case "correction":
            request.correction = _line(text)
        case _:
            content.body = text
    request.asked = following(request)


def options_of(content: pb.CircularContent) -> list[pb.CircularOption]:
    """Return the choices of a vote, or of the question that a survey asks last."""
    if content.HasField("vote"):
        return list(content.vote.options)
    return list(content.questions[-1].options) if content.questions else []


def set_options(content: pb.CircularContent, options: list[pb.CircularOption]) -> None:
    """Put choices there."""
    if content.HasField("vote"):
        kept = content.vote.options
    elif content.questions:
        kept = content.questions[-1].options
    else:
        return
    del kept[:]
    kept.extend(options)


def add_options(request: pb.SaveCircularRequest, labels: list[str]) -> None:
    """Add choices, a line each; what is there already is not there twice."""
    options = options_of(request.content)
    for label in map(_line, labels):
        if not label or label in {one.label for one in options} or len(options) >= MOST_OPTIONS:
            continue
        value = _free({one.value for one in options})
        options.append(pb.CircularOption(value=value, label=label))
    set_options(request.content, options)


def is_full(draft: pb.Circular) -> bool:
    """Whether choices are asked for where there is room for none."""
    return draft.asked == "choices" and len(options_of(draft.content)) >= MOST_OPTIONS


def take_last_away(request: pb.SaveCircularRequest) -> None:
    """Take away the choice that was sent last; where there is none, the question, too."""
    content = request.content
    options = options_of(content)
    if options:
        set_options(content, options[:-1])
    elif content.questions:
        del content.questions[-1]
        request.asked = "choices" if content.questions else "question"


def can_go_on(content: pb.CircularContent) -> bool:
    """Whether what was sent can stand so: a vote with a choice, a question with none or several."""
    number = len(options_of(content))
    fewest = {FEWEST_OPTIONS} if content.HasField("vote") else {0, FEWEST_OPTIONS}
    return number in fewest or number > FEWEST_OPTIONS


def too_long(asked: str, text: str) -> int:
    """Return how long it may be where a text is longer than that; else 0."""
    limit = LIMITS.get(asked, 0)
    parts = text.splitlines() if asked == "choices" else [text]
    return limit if limit and any(limits.units(part.strip()) > limit for part in parts) else 0


def _line(text: str) -> str:
    return " ".join(text.split())


def _free(names: set[str]) -> str:
    """Return a name for one more, as no other has it or had it before."""
    numbers = [int(found[0]) for name in names if (found := NUMBER.search(name))]
    return f"n_{max(numbers, default=0) + 1}"
