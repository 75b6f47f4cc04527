"""What cannot be taken of a list: a table by row and column, and a file to mend it by."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from todoke.v1.rosters_pb2 import RosterProblem
from tui.dialogs.ask import Answers, Ask, Field
from tui.files import keep_own, written_path
from tui.widgets.live_table import Column, LiveTable
from tui.wording import Words

BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""By which spreadsheets know the encoding."""


def problems_table(words: Words) -> LiveTable[RosterProblem]:
    return LiveTable(
        [
            Column(words("column.row"), 7, right=True),
            Column(words("column.column"), 14),
            Column(words("column.problem"), 30, grow=1),
        ],
        key=lambda problem: f"{problem.row}:{problem.column}:{problem.reason.reason}",
        cells=lambda problem: problem_cells(words, problem),
        empty="",
        id="problems",
    )


def problem_cells(words: Words, problem: RosterProblem) -> tuple[str, str, str]:
    refusal = words.reason(problem.reason.reason, problem.reason.metadata)
    return (str(problem.row), problem.column, f"{refusal.what} {refusal.remedy}")


def ask_save(words: Words, problems: Sequence[RosterProblem]) -> Ask:
    """Ask where to; the file is readable by its owner alone and never over another."""

    async def save(answers: Answers, _: str) -> Path:
        where = written_path(str(answers["path"]) or ".")
        content = problems_csv(words, problems).encode()
        return await keep_own(where, words("problems.file_name"), content)

    field = Field("path", value=".", hint="hint.export_path")
    about = words("ask.save_problems.about", count=len(problems))
    return Ask(words, "save_problems", save, about=about, fields=(field,))


def problems_csv(words: Words, problems: Sequence[RosterProblem]) -> str:
    """Write the problems with their reasons in words, as spreadsheets read them."""
    lines = io.StringIO()
    writer = csv.writer(lines)
    writer.writerow([words(f"column.{name}") for name in ("row", "column", "problem")])
    writer.writerows(problem_cells(words, problem) for problem in problems)
    return BYTE_ORDER_MARK + lines.getvalue()
