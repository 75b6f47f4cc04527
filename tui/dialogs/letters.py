"""Letters are printed to a path, whomever they are to: of which kinds, and how many at the most."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass

from todoke.v1.campaigns_pb2 import PrintCampaignLettersResponse
from todoke.v1.ledger_pb2 import LettersSet, PrintLettersResponse
from tui import formats
from tui.dialogs.ask import Answers, Ask, Field
from tui.files import keep_letters, written_path
from tui.wording import Words

MOST = 10_000

Printing = Callable[
    [Sequence[str], int, str], AsyncIterator[PrintLettersResponse | PrintCampaignLettersResponse]
]
"""Prints letters of these kinds, so many at most, under a request id."""


@dataclass(frozen=True, slots=True)
class Kinds:
    """The kinds of letters by the contract's names, and whether each is ticked.

    `part` is the request's field, `labels` the catalogue's section.
    """

    part: str
    labels: str
    ticked: Mapping[str, bool]


def ask_printing(
    words: Words, name: str, *, about: str, kinds: Kinds, told: str, printing: Printing
) -> Ask:
    """Ask; the answer, worded by `told`, says how many, who was left out, and where the file is."""

    async def print_them(answers: Answers, request_id: str) -> str:
        most = str(answers["most_letters"])
        chosen = [kind for kind in kinds.ticked if answers[kind]]
        number = int(most) if most.isdecimal() and len(most) < 9 else 0
        where = written_path(str(answers["path"]) or ".")
        path, done = await keep_letters(printing(chosen, number, request_id), where, say_set)
        return words(
            told,
            path=path,
            letters=formats.count(done.letters),
            left_out=formats.count(done.left_out),
            remaining=formats.count(done.remaining),
            sha256=done.file.sha256,
        )

    def say_set(so_far: LettersSet) -> None:
        done, letters = formats.count(so_far.done), formats.count(so_far.letters)
        dialog.come_to(words("note.letters_set", done=done, letters=letters))

    fields = (
        *(
            Field(kind, value=ticked, label=f"{kinds.labels}.{kind}", part=kinds.part)
            for kind, ticked in kinds.ticked.items()
        ),
        Field("most_letters", value=str(MOST), part="most"),
        Field("path", value=".", hint="hint.export_path"),
    )
    dialog = Ask(words, name, print_them, about=about, fields=fields)
    return dialog
