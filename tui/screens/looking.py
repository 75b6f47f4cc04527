"""All answers of a walk, to look through before they are filed."""

from collections.abc import Callable, Iterable

from rich.cells import cell_len

from todoke.v1.procedures_pb2 import Answer, Choice, Prompt, ReviewLine
from tui.questions.walk import Walk
from tui.widgets.live_table import Column, LiveTable
from tui.wording import Words

IN_ONE_LINE = 40


def review_table(words: Words) -> LiveTable[ReviewLine]:
    return LiveTable(
        [
            Column(words("column.question"), 26, grow=1),
            Column(words("column.answer"), 30, grow=2),
        ],
        key=lambda line: line.step,
        cells=lambda line: (line.label, line.value),
        empty=words("empty.review_lines"),
        id="looked",
    )


def review_panel(line: ReviewLine) -> str:
    """Write the answer whole, where it does not stand in one line."""
    whole = "\n" in line.value or cell_len(line.value) > IN_ONE_LINE
    return f"{line.label}\n{line.value}" if whole else ""


def lines_of(words: Words, walk: Walk) -> list[ReviewLine]:
    """Write what was answered so far, as it was typed."""
    return [
        ReviewLine(
            step=one.step,
            label=walk.asked[one.step].text if one.step in walk.asked else one.step,
            value=shown(words, walk.asked.get(one.step, Prompt()), one.answer),
            changeable=True,
        )
        for one in walk.answers
    ]


def shown(words: Words, prompt: Prompt, answer: Answer) -> str:
    """Write an answer as it was given."""
    kind = answer.WhichOneof("kind") or ""
    write = WRITTEN.get(kind)
    if write is not None:
        return write(words, prompt, answer)
    return answer.text or answer.date or answer.date_time


def _choice(_: Words, prompt: Prompt, answer: Answer) -> str:
    return _label(prompt.choices, answer.choice)


def _choices(words: Words, prompt: Prompt, answer: Answer) -> str:
    return words("comma").join(_label(prompt.choices, one) for one in answer.choices.values)


def _slot(_: Words, prompt: Prompt, answer: Answer) -> str:
    return f"{_label(prompt.choices, answer.slot.value)} {answer.slot.quantity}"


def _number(_: Words, prompt: Prompt, answer: Answer) -> str:
    return f"{answer.number:,}{prompt.input.number.unit}"


def _place(_: Words, __: Prompt, answer: Answer) -> str:
    place = answer.place
    return f"{place.address} {place.latitude}, {place.longitude}".strip()


def _address(_: Words, __: Prompt, answer: Answer) -> str:
    address = answer.address
    return f"{address.postal_code} {address.area}{address.rest}".strip()


def _account(_: Words, __: Prompt, answer: Answer) -> str:
    account = answer.account
    parts = (account.bank, account.branch or account.symbol, account.account_number)
    return " ".join((*parts, account.holder_kana))


def _files(words: Words, _: Prompt, answer: Answer) -> str:
    return words("question.files_given", count=len(answer.files.attachment_ids))


def _members(words: Words, _: Prompt, answer: Answer) -> str:
    return words("comma").join(one.name for one in answer.members.members)


def _skipped(words: Words, _: Prompt, __: Answer) -> str:
    return words("walk.skipped")


def _yes(words: Words, _: Prompt, __: Answer) -> str:
    return words("answer.yes")


WRITTEN: dict[str, Callable[[Words, Prompt, Answer], str]] = {
    "choice": _choice,
    "choices": _choices,
    "slot": _slot,
    "number": _number,
    "place": _place,
    "address": _address,
    "account": _account,
    "files": _files,
    "members": _members,
    "skipped": _skipped,
    "agreed": _yes,
    "read": _yes,
}
"""How each kind is written that is not a text itself."""


def _label(choices: Iterable[Choice], value: str) -> str:
    return next((one.label for one in choices if one.value == value), value)
