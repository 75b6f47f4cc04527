"""From a form to an answer of the contract, and what is wrong with it before anybody is asked.

A field's name is that of the problem's field, so that words stand beside what they are about: the
whole is "answer", a part of it "bank", a part of the second member "members.1.name".
"""

import re
import unicodedata
from collections.abc import Callable

from channels.web import compound
from channels.web.fitting import WHOLE, Unfit, day_of, nothing, problem
from channels.web.forms import Form
from todoke.v1 import procedures_pb2 as pb


def kind_of(prompt: pb.Prompt) -> str:
    """Name what is wanted; a prompt that says nothing of it wants one of its choices."""
    return prompt.input.WhichOneof("kind") or "choice"


def read(prompt: pb.Prompt, form: Form) -> pb.Answer:
    """Read what was answered to a prompt. Raises Unfit."""
    if prompt.optional and form.one("skip"):
        return pb.Answer(skipped=True)
    return READERS[kind_of(prompt)](prompt, form)


def _read(prompt: pb.Prompt, form: Form) -> pb.Answer:
    del prompt, form
    return pb.Answer(read=True)


def _choice(prompt: pb.Prompt, form: Form) -> pb.Answer:
    return pb.Answer(choice=_offered(prompt, form.one(WHOLE)))


def _offered(prompt: pb.Prompt, chosen: str) -> str:
    if not chosen:
        raise Unfit(problem("wrong.choose_one"))
    if chosen not in {one.value for one in prompt.choices}:
        raise Unfit(problem("not_offered"))
    return chosen


def _choices(prompt: pb.Prompt, form: Form) -> pb.Answer:
    chosen = set(form.get(WHOLE, []))
    values = [one.value for one in prompt.choices if one.value in chosen]
    least = prompt.input.choices.least
    if not values and prompt.optional:
        return pb.Answer(skipped=True)
    if len(values) < least:
        raise Unfit(problem("too_few", limit=str(least)))
    return pb.Answer(choices=pb.ChosenValues(values=values))


def _text(prompt: pb.Prompt, form: Form) -> pb.Answer:
    text = form.one(WHOLE).replace("\r\n", "\n")
    if not text:
        return nothing(prompt)
    most = prompt.input.text.most or 5000
    if len(text) > most:
        raise Unfit(problem("too_long", limit=str(most)))
    return pb.Answer(text=text)


def _number(prompt: pb.Prompt, form: Form) -> pb.Answer:
    plain = unicodedata.normalize("NFKC", form.one(WHOLE)).strip()
    if not plain:
        return nothing(prompt)
    unit = unicodedata.normalize("NFKC", prompt.input.number.unit)
    digits = re.sub(r"[,\s¥]", "", plain.removesuffix(unit))
    if not re.fullmatch(r"-?[0-9]{1,12}", digits):
        raise Unfit(problem("wrong.not_a_number"))
    return pb.Answer(number=int(digits))


def _date(prompt: pb.Prompt, form: Form) -> pb.Answer:
    if not any(form.one(name) for name in ("year", "month", "day")):
        return nothing(prompt)
    return pb.Answer(date=day_of(form, ""))


def _date_time(prompt: pb.Prompt, form: Form) -> pb.Answer:
    if not any(form.one(name) for name in ("year", "month", "day", "time")):
        return nothing(prompt)
    day = day_of(form, "")
    clock = re.fullmatch(
        r"([0-9]{1,2})[:時]([0-9]{1,2})分?", unicodedata.normalize("NFKC", form.one("time"))
    )
    if not clock or int(clock[1]) > 23 or int(clock[2]) > 59:
        raise Unfit(problem("not_a_time", "time"))
    return pb.Answer(date_time=f"{day}T{int(clock[1]):02}:{int(clock[2]):02}")


def _agree(prompt: pb.Prompt, form: Form) -> pb.Answer:
    if form.one("agreed") == "yes":
        return pb.Answer(agreed=True)
    if prompt.optional:
        return pb.Answer(skipped=True)
    raise Unfit(problem("must_agree"))


def _slot(prompt: pb.Prompt, form: Form) -> pb.Answer:
    value = form.one(WHOLE)
    if not value:
        return nothing(prompt) if prompt.optional else pb.Answer(choice=_offered(prompt, value))
    quantity = unicodedata.normalize("NFKC", form.one("quantity") or "1")
    if not re.fullmatch(r"[0-9]{1,3}", quantity) or int(quantity) > 100:
        raise Unfit(problem("wrong.not_a_number", "quantity"))
    slot = pb.GivenSlot(value=_offered(prompt, value), quantity=int(quantity))
    if slot.quantity < 1:
        raise Unfit(problem("too_small", "quantity", limit="1"))
    return pb.Answer(slot=slot)


READERS: dict[str, Callable[[pb.Prompt, Form], pb.Answer]] = {
    "read": _read,
    "choice": _choice,
    "choices": _choices,
    "text": _text,
    "number": _number,
    "date": _date,
    "date_time": _date_time,
    "place": compound.place,
    "address": compound.address,
    "account": compound.account,
    "files": compound.files,
    "agree": _agree,
    "members": compound.members,
    "signature": compound.files,
    "slot": _slot,
}
"""One for each kind of the contract's Input."""
