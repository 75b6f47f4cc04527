"""What the readers of forms share: what is unfit, what is left out, and days of any era."""

import re
import unicodedata
from datetime import date

from channels import wording
from channels.web.forms import Form
from todoke.v1 import procedures_pb2 as pb

FIRST_YEAR = 1868
"""Years before are of an era that was not chosen."""

WHOLE = "answer"
"""The field of an answer that is one value."""

ERAS = ("western", *sorted(wording.catalogue(wording.FIRST)["eras"], reverse=True))
"""How a year is counted: from an era's first day, or as everywhere."""


class Unfit(Exception):  # noqa: N818 - named for what the answer is.
    """What was typed is no answer yet."""

    def __init__(self, *problems: pb.AnswerProblem) -> None:
        super().__init__(*(one.problem for one in problems))
        self.problems = list(problems)


def problem(key: str, field: str = "", **metadata: str) -> pb.AnswerProblem:
    return pb.AnswerProblem(problem=key, field=field, metadata=metadata)


def nothing(prompt: pb.Prompt, field: str = "") -> pb.Answer:
    """Leave out what may be."""
    if prompt.optional:
        return pb.Answer(skipped=True)
    raise Unfit(problem("required", field))


def day_of(form: Form, before: str) -> str:
    """Read a day from three fields and how the year is counted. Raises Unfit."""
    parts = [
        unicodedata.normalize("NFKC", form.one(before + name)) for name in ("year", "month", "day")
    ]
    parts[0] = parts[0].replace("元", "1")
    field = before + "year"
    if not all(re.fullmatch(r"[0-9]{1,4}", part) for part in parts):
        raise Unfit(problem("not_a_date", field))
    year, month, day = map(int, parts)
    era = form.one(before + "era")
    if era in ERAS and era != "western" and year < 1000:
        year += int(era[:4]) - 1
    if year < FIRST_YEAR:
        raise Unfit(problem("wrong.which_era", field))
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        raise Unfit(problem("not_a_date", field)) from None
