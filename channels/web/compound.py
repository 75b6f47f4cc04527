"""Answers of several fields: places, addresses, accounts, files, people of a household."""

import re
import unicodedata

from channels.web.fitting import Unfit, day_of, nothing, problem
from channels.web.forms import Form
from todoke.v1 import procedures_pb2 as pb

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MOST_MEMBERS = 30
ACCOUNT_TYPES = (1, 2, 4, 9)
"""預金種目 of the Zengin format: savings, current, saving up, other."""

POST = "post"
"""Where the account is: at Japan Post, by its symbol; else at a bank."""

JAPAN_POST = "9900"


def place(prompt: pb.Prompt, form: Form) -> pb.Answer:
    """Read an address, a position or both; where only the address is known, both numbers are 0."""
    address = form.one("address")
    found = [unicodedata.normalize("NFKC", form.one(name)) for name in ("latitude", "longitude")]
    if not address and not any(found):
        return nothing(prompt, "address")
    if len(address) > 200:
        raise Unfit(problem("too_long", "address", limit="200"))
    if not any(found):
        return pb.Answer(place=pb.Place(address=address))
    try:
        latitude, longitude = map(float, found)
    except ValueError:
        raise Unfit(problem("wrong.not_a_position", "latitude")) from None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise Unfit(problem("wrong.not_a_position", "latitude"))
    return pb.Answer(place=pb.Place(latitude=latitude, longitude=longitude, address=address))


def address(prompt: pb.Prompt, form: Form) -> pb.Answer:
    code, area, rest = postal_code(form), form.one("area"), form.one("rest")
    if not code and not area and not rest:
        return nothing(prompt, "area")
    wrong = []
    if code and not re.fullmatch(r"[0-9]{7}", code):
        wrong.append(problem("not_a_postal_code", "postal_code"))
    if not area:
        wrong.append(problem("required", "area"))
    wrong += [
        problem("too_long", name, limit="100")
        for name, part in (("area", area), ("rest", rest))
        if len(part) > 100
    ]
    if wrong:
        raise Unfit(*wrong)
    return pb.Answer(address=pb.GivenAddress(postal_code=code, area=area, rest=rest))


def postal_code(form: Form) -> str:
    """Return the digits that were typed as a postal code."""
    plain = unicodedata.normalize("NFKC", form.one("postal_code"))
    return re.sub(r"[^0-9A-Za-z]", "", plain)


def account(prompt: pb.Prompt, form: Form) -> pb.Answer:
    """Read an account at a bank by its codes, or at Japan Post by its symbol."""
    is_post = at_post(form)
    number = re.sub(r"[\s-]", "", _plain(form, "account_number"))
    holder, photo = form.one("holder_kana"), ids_of(form)[:1]
    wrong = _post_wrong(form) if is_post else _bank_wrong(form)
    if not re.fullmatch(r"[0-9]{1,8}" if is_post else r"[0-9]{1,7}", number):
        wrong.append(problem("number_invalid", "account_number"))
    if not holder or len(holder) > 80:
        wrong.append(problem("too_long" if holder else "required", "holder_kana", limit="80"))
    if prompt.input.account.passbook and not photo:
        wrong.append(problem("required", "passbook_attachment_id"))
    if wrong:
        raise Unfit(*wrong)
    given = pb.GivenAccount(
        bank=JAPAN_POST if is_post else form.one("bank"),
        account_number=number,
        holder_kana=holder,
        passbook_attachment_id="".join(photo),
    )
    if is_post:
        given.symbol = _plain(form, "symbol")
    else:
        given.branch, given.account_type = form.one("branch"), int(form.one("account_type"))
    return pb.Answer(account=given)


def at_post(form: Form) -> bool:
    """Whether the account is at Japan Post; by what is filled in, where that was not said."""
    where = form.one("where")
    return where == POST if where else bool(form.one("symbol"))


def _post_wrong(form: Form) -> list[pb.AnswerProblem]:
    fits = re.fullmatch(r"[01][0-9]{4}(-[0-9])?", _plain(form, "symbol"))
    return [] if fits else [problem("symbol_invalid", "symbol")]


def _bank_wrong(form: Form) -> list[pb.AnswerProblem]:
    codes = (("bank", 4, "wrong.choose_bank"), ("branch", 3, "wrong.choose_branch"))
    wrong = [
        problem(said, name)
        for name, length, said in codes
        if not re.fullmatch(rf"[0-9]{{{length}}}", form.one(name))
    ]
    if form.one("account_type") not in {str(one) for one in ACCOUNT_TYPES}:
        wrong.append(problem("account_type_invalid", "account_type"))
    return wrong


def _plain(form: Form, name: str) -> str:
    return unicodedata.normalize("NFKC", form.one(name)).strip()


def files(prompt: pb.Prompt, form: Form) -> pb.Answer:
    ids = ids_of(form)
    asked = getattr(prompt.input, prompt.input.WhichOneof("kind") or "files")
    if not ids:
        return nothing(prompt)
    if len(ids) < asked.least:
        raise Unfit(problem("too_few", limit=str(asked.least)))
    if len(ids) > asked.most:
        raise Unfit(problem("too_many", limit=str(asked.most)))
    return pb.Answer(files=pb.AttachedFiles(attachment_ids=ids))


def ids_of(form: Form) -> list[str]:
    """Return what was uploaded before, without what is ticked to be taken away."""
    gone = set(form.get("away", []))
    given = dict.fromkeys(form.get("attachment", []))
    return [id for id in given if UUID.fullmatch(id) and id not in gone]


def members(prompt: pb.Prompt, form: Form) -> pb.Answer:
    asked = set(prompt.input.members.fields)
    members: list[pb.GivenMember] = []
    wrong: list[pb.AnswerProblem] = []
    for at in range(rows_of(form)):
        given = {name: form.one(f"members.{at}.{name}") for name in ("name", "kana", "relation")}
        before = f"members.{at}.birth_date_"
        days = [form.one(before + name) for name in ("year", "month", "day")]
        if not any((*given.values(), *days)):
            continue
        number = len(members)
        member = pb.GivenMember(name=given["name"][:60], kana=given["kana"][:80])
        member.relation = given["relation"][:20]
        if not given["name"]:
            wrong.append(problem("required", f"members.{at}.name"))
        if "birth_date" in asked:
            try:
                member.birth_date = day_of(form, before)
            except Unfit:
                wrong.append(problem("not_a_date", f"members.{at}.birth_date"))
        members.append(member)
        if number != at:
            # What comes back names people by their place; rows left empty close up.
            _close_up(form, at, number)
    if wrong:
        raise Unfit(*wrong)
    if not members and prompt.optional:
        return pb.Answer(skipped=True)
    return pb.Answer(members=pb.GivenMembers(members=members))


def _close_up(form: Form, at: int, number: int) -> None:
    for name in [name for name in form if name.startswith(f"members.{at}.")]:
        form[name.replace(f"members.{at}.", f"members.{number}.", 1)] = form.pop(name)


def rows_of(form: Form) -> int:
    """Return how many rows for people the form has."""
    given = form.one("rows")
    return min(int(given), MOST_MEMBERS) if given.isdecimal() else 0


def take_row(form: Form, gone: int) -> None:
    """Take a person's row away; those after it move up."""
    rows = rows_of(form)
    for name in [name for name in form if name.startswith(f"members.{gone}.")]:
        del form[name]
    for at in range(gone + 1, rows):
        _close_up(form, at, at - 1)
    form["rows"] = [str(max(rows - 1, 0))]
