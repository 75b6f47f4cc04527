"""A prompt as LINE messages: what is asked, how it is answered, and what went wrong before."""

import re

from channels import wording
from channels.line import flex, limits, messages
from channels.line.inputs import Asking, View, asking
from channels.line.messages import Action, Message, press
from channels.line.postback import Do
from channels.line.verbs import Verb
from todoke.v1.procedures_pb2 import AnswerProblem, Prompt

RUBY = re.compile("｜([^｜《》]*)《([^《》]*)》")
EASY = "ja-x-easy"
TITLE = 200


def prompt(prompt: Prompt, *, page: int = 1, chosen: int | None = None) -> list[Message]:
    """Ask; what is too long for a bubble goes before it as plain text."""
    view = View(prompt, page, chosen)
    asked = asking(view)
    actions = [*asked.actions, *_other_buttons(view)]
    stands_out = asked.stands_out if asked.actions else -1
    title = prompt.title.strip() or wording.say("prompts", "alternative", view.language)
    text = _text(prompt, view.language)
    heads = whose(prompt.on_behalf_of, view.language)
    alternative = limits.clip("\n".join([*heads, title, text]).strip(), limits.ALTERNATIVE)
    whole = flex.bubble(title, _parts(view, asked, text), actions, stands_out=stands_out)
    said = messages.texts(asked.before) if asked.before else []
    if flex.size(whole) > limits.BUBBLE_BYTES:
        plain = "\n".join([*_plain(view, title, text), *asked.lines])
        said = _in_texts([asked.before, plain])
        brief = limits.clip(title, TITLE)
        whole = flex.bubble(brief, [], actions, stands_out=stands_out)
    said = [*said, messages.flex_message(alternative, whole)]
    return messages.with_quick_replies(said, [*asked.quick, *_back(view)])


def whose(person: str, language: str) -> list[str]:
    """Say whose matter it is; nothing where it is the reader's own."""
    if not person:
        return []
    return [wording.say("notices", "on_behalf_of", language or wording.FIRST, person=person)]


def told(problems: list[AnswerProblem], language: str) -> list[str]:
    """Say what was wrong with an answer that was not taken."""
    return [limits.clip(wording.problem(one, language), limits.DISPLAY_TEXT) for one in problems]


def is_stopping(problems: list[AnswerProblem]) -> bool:
    return any(one.problem == "stopping" for one in problems)


def take_back(application_id: str, language: str) -> Action:
    word = wording.say("line_procedures", "take_back", language)
    return press(Do(Verb.TAKE_BACK, (application_id,)), word)


def _in_texts(parts: list[str]) -> list[Message]:
    """Say it within all messages but the last, which has the buttons."""
    said = messages.texts("\n".join(part for part in parts if part))
    return said[: limits.MESSAGES - 1]


def _other_buttons(view: View) -> list[Action]:
    skip = [view.button("skip", Verb.SKIP)] if view.prompt.optional else []
    stopping = is_stopping(list(view.prompt.problems))
    stop = [take_back(view.prompt.application_id, view.language)] if stopping else []
    return [*skip, *stop]


def _back(view: View) -> list[Action]:
    prompt = view.prompt
    if not prompt.previous_step:
        return []
    reopen = Do(Verb.REOPEN, (prompt.application_id, prompt.previous_step))
    return [press(reopen, view.say("back"), limit=limits.QUICK_REPLY_LABEL)]


def _text(prompt: Prompt, language: str) -> str:
    """Return what is asked, with readings of its kanji for whoever reads easy Japanese."""
    if language == EASY and prompt.ruby.strip():
        return RUBY.sub(r"\1(\2)", prompt.ruby)
    return prompt.text


def _parts(view: View, asked: Asking, text: str) -> list[flex.Component]:
    prompt, language = view.prompt, view.language
    parts = [flex.paragraph(line, weight="bold") for line in whose(prompt.on_behalf_of, language)]
    parts += [flex.paragraph(line, size="sm", color=flex.QUIET) for line in _progress(view)]
    if returned := prompt.returned_with.strip():
        label = wording.say("prompts", "returned_with", language)
        parts += [
            flex.paragraph(label, size="sm", color=flex.WARNING, weight="bold"),
            flex.paragraph(returned),
        ]
    wrong = told(list(prompt.problems), language)
    parts += [flex.paragraph(line, color=flex.WARNING, weight="bold") for line in wrong]
    if text.strip():
        parts.append(flex.paragraph(text))
    parts += [flex.fact(*shown) for shown in _facts(prompt, language)]
    if prompt.help.strip():
        parts.append(flex.paragraph(prompt.help, size="sm", color=flex.QUIET))
    return parts + [flex.paragraph(line) for line in [*_current(view), *asked.lines]]


def _plain(view: View, title: str, text: str) -> list[str]:
    prompt, language = view.prompt, view.language
    lines = [*whose(prompt.on_behalf_of, language), title, *_progress(view)]
    if returned := prompt.returned_with.strip():
        lines += [wording.say("prompts", "returned_with", language), returned]
    facts = [f"{label}:{value}" for label, value in _facts(prompt, language)]
    wrong = told(list(prompt.problems), language)
    return [*lines, *wrong, text, *facts, prompt.help, *_current(view)]


def _progress(view: View) -> list[str]:
    number, total = view.prompt.number, view.prompt.total
    return [view.say("progress", number=number, total=total)] if 0 < number <= total else []


def _current(view: View) -> list[str]:
    """Say the answer that stands, of the kinds that read well as they are."""
    prompt = view.prompt
    kind = prompt.current.WhichOneof("kind")
    if prompt.sensitive or kind not in {"text", "number", "date", "date_time", "choice"}:
        return []
    said = str(getattr(prompt.current, kind))
    if kind == "number":
        said = f"{prompt.current.number:,}{prompt.input.number.unit}"
    elif kind == "date":
        said = wording.day(said, view.language)
    elif kind == "date_time":
        said = said.replace("T", " ")
    elif kind == "choice":
        labels = {choice.value: choice.label for choice in prompt.choices}
        said = labels.get(said, "").strip() or said
    return [view.say("current", answer=limits.clip(said, 500))]


def _facts(prompt: Prompt, language: str) -> list[tuple[str, str]]:
    nothing = wording.say("prompts", "nothing_held", language)
    return [(shown.label.strip() or "―", shown.value.strip() or nothing) for shown in prompt.facts]
