"""The answer that stands, as the form would have it: so that who comes back finds it filled in."""

from channels.web.fitting import WHOLE
from channels.web.forms import Form
from todoke.v1 import procedures_pb2 as pb


def from_answer(answer: pb.Answer) -> Form:
    """Return a form as it was filled in for an answer; an empty one for none."""
    kind = answer.WhichOneof("kind")
    form = Form()
    if kind in {"choice", "text"}:
        form[WHOLE] = [getattr(answer, kind)]
    elif kind == "number":
        form[WHOLE] = [str(answer.number)]
    elif kind == "choices":
        form[WHOLE] = list(answer.choices.values)
    elif kind == "agreed":
        form["agreed"] = ["yes" if answer.agreed else ""]
    elif kind == "files":
        form["attachment"] = list(answer.files.attachment_ids)
    elif kind in {"date", "date_time"}:
        day, _, clock = str(getattr(answer, kind)).partition("T")
        _fill_day(form, "", day)
        form["time"] = [clock]
    elif kind:
        _fill_parts(form, answer, kind)
    return form


def _fill_parts(form: Form, answer: pb.Answer, kind: str) -> None:
    if kind == "place":
        place = answer.place
        form["address"] = [place.address]
        if place.latitude or place.longitude:
            form["latitude"] = [f"{place.latitude:.6f}"]
            form["longitude"] = [f"{place.longitude:.6f}"]
    elif kind == "address":
        for name in ("postal_code", "area", "rest"):
            form[name] = [getattr(answer.address, name)]
    elif kind == "slot":
        form[WHOLE] = [answer.slot.value]
        form["quantity"] = [str(answer.slot.quantity or 1)]
    elif kind == "members":
        _fill_members(form, answer.members)
    elif kind == "account":
        _fill_account(form, answer.account)


def _fill_members(form: Form, given: pb.GivenMembers) -> None:
    form["rows"] = [str(len(given.members))]
    for at, member in enumerate(given.members):
        for name in ("name", "kana", "relation"):
            form[f"members.{at}.{name}"] = [getattr(member, name)]
        _fill_day(form, f"members.{at}.birth_date_", member.birth_date)


def _fill_account(form: Form, account: pb.GivenAccount) -> None:
    for name in ("bank", "branch", "account_number", "holder_kana", "symbol"):
        form[name] = [getattr(account, name)]
    form["account_type"] = [str(account.account_type or "")]
    form["where"] = ["post" if account.symbol else "bank"]
    if account.passbook_attachment_id:
        form["attachment"] = [account.passbook_attachment_id]


def _fill_day(form: Form, before: str, iso: str) -> None:
    if iso:
        form[before + "era"] = ["western"]
        parts = zip(("year", "month", "day"), iso.split("-"), strict=True)
        form.update({before + name: [part.lstrip("0")] for name, part in parts})
