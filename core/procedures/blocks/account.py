"""A bank account to pay into; its number is never shown, said in a text or seen by expressions."""

import unicodedata
from typing import Any, ClassVar

from core.banks import account, bank_master, japan_post, payee_name
from core.banks.account import AccountInvalid, AccountType, PayeeAccount
from core.procedures.blocks.block import Block, Input, Seen, Wrong, clean, part
from core.procedures.expressions import Kind
from core.procedures.texts import Argument

LONGEST_NAME = 80
PARTS = ("bank", "branch", "account_type", "account_number", "holder_kana")
PASSBOOK = "passbook_attachment_id"


class AccountBlock(Block):
    name: ClassVar[str] = "account"
    input: ClassVar[Input] = Input.ACCOUNT
    kind: ClassVar[Kind] = Kind.PARTS
    is_sensitive: ClassVar[bool] = True
    takes: ClassVar[tuple[type, ...]] = (dict,)
    passbook_lies_in_the_file: ClassVar[bool] = False
    """Whether its photograph may be left out, because it came on paper."""

    passbook: bool = False
    """Whether a photograph of the passbook goes with it."""

    def read(self, given: Any, seen: Seen) -> Any:
        del seen
        found = _of_japan_post(given) if part(given, "symbol") else _of_a_bank(given)
        place = bank_master.branch(found.bank_code, found.branch_code)
        bank_name, branch_name = bank_master.titles(place)
        kept: dict[str, Any] = {
            "bank": found.bank_code,
            "bank_name": bank_name,
            "branch": found.branch_code,
            "branch_name": branch_name,
            "account_type": int(found.account_type),
            "account_number": found.account_number,
            "holder_kana": _holder(part(given, "holder_kana")),
        }
        photograph = part(given, PASSBOOK) if self.passbook else ""
        if photograph:
            kept[PASSBOOK] = photograph
        elif self.passbook and not self.passbook_lies_in_the_file:
            raise Wrong("required", field=PASSBOOK)
        return kept

    @classmethod
    def as_given(cls, answer: Any) -> dict[str, Any]:
        return {"account": {name: answer[name] for name in (*PARTS, PASSBOOK) if name in answer}}

    def hear(self, words: str, seen: Seen) -> Any:
        """Never take an account from a chat."""
        del words, seen

    def asks(self, seen: Seen) -> dict[str, Any]:
        del seen
        return {"passbook": self.passbook}

    def shown(self, answer: Any, seen: Seen) -> str:
        del seen
        words = account.WORDS[AccountType(str(answer["account_type"]))]
        number = account.masked_number(answer["account_number"])
        names = (answer["bank_name"], answer["branch_name"])
        return " ".join((*names, words, number, answer["holder_kana"]))

    def for_expressions(self, answer: Any) -> Any:
        return {name: str(answer[name]) for name in ("bank", "branch", "account_type")}

    def fills(self, answer: Any, seen: Seen) -> Argument:
        return self.shown(answer, seen)

    def attachments(self, answer: Any) -> tuple[str, ...]:
        return (answer[PASSBOOK],) if PASSBOOK in answer else ()


class AccountOnPaper(AccountBlock):
    """The same, asked by staff of what came on paper."""

    passbook_lies_in_the_file: ClassVar[bool] = True


def _of_japan_post(given: Any) -> PayeeAccount:
    if part(given, "bank") not in {"", bank_master.JAPAN_POST}:
        raise Wrong("symbol_invalid", field="symbol")
    try:
        return japan_post.payee_account(part(given, "symbol"), part(given, "account_number"))
    except AccountInvalid as wrong:
        if wrong.metadata["problem"] == "JAPAN_POST_SYMBOL_INVALID":
            raise Wrong("symbol_invalid", field="symbol") from None
        raise Wrong("number_invalid", field="account_number") from None


def _of_a_bank(given: Any) -> PayeeAccount:
    bank, branch = (
        unicodedata.normalize("NFKC", part(given, name)).strip() for name in ("bank", "branch")
    )
    try:
        bank_master.branch(bank, branch)
        kind = account.account_type(str(given.get("account_type", "")))
        number = account.account_number(part(given, "account_number"))
    except bank_master.BankUnknown:
        raise Wrong("bank_unknown", field="bank") from None
    except bank_master.BranchUnknown:
        raise Wrong("branch_unknown", field="branch") from None
    except AccountInvalid as wrong:
        if wrong.metadata["problem"] == "TYPE_INVALID":
            raise Wrong("account_type_invalid", field="account_type") from None
        raise Wrong("number_invalid", field="account_number") from None
    return PayeeAccount(
        bank_code=bank, branch_code=branch, account_type=kind, account_number=number
    )


def _holder(kana: str) -> str:
    """Return the holder's name as bank files take it. Raises Wrong."""
    name = clean(kana, least=1, most=LONGEST_NAME, field="holder_kana")
    try:
        return payee_name.fold(name, field="holder_kana")
    except (payee_name.IllegalCharacter, payee_name.NameEmpty) as wrong:
        character = wrong.metadata["character"]
        raise Wrong(
            "holder_illegal",
            field="holder_kana",
            character=character,
            position=wrong.metadata["position"],
        ) from None
