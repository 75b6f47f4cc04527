"""The box for a bank account: a bank and its branch, or symbol and number of Japan Post."""

import re
import unicodedata

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Label, Select, Static

from todoke.v1.payments_pb2 import AccountType
from todoke.v1.procedures_pb2 import (
    SUGGESTION_KIND_BANK,
    SUGGESTION_KIND_BRANCH,
    Answer,
    GivenAccount,
)
from tui.questions.box import Box, Unfit
from tui.questions.file_field import FileField, PretendedField
from tui.questions.line import Line
from tui.questions.suggested import Suggested

JAPAN_POST = "9900"
BANK, POST = "bank", "post"
TYPES = AccountType.keys()[1:]
PASSBOOK = "passbook_attachment_id"
PHOTOGRAPHS = ("image/jpeg", "image/png", "image/webp")


class AccountBox(Box):
    """Whose account it must be stands beside the holder's field, to be taken over."""

    def compose(self) -> ComposeResult:
        words, given = self.words, self.current.account
        ways = [(words(f"question.account_{way}"), way) for way in (BANK, POST)]
        types = [(words(f"account.{name}"), AccountType.Value(name)) for name in TYPES]
        holder = given.holder_kana or self.prompt.input.account.holder_kana
        with Horizontal(classes="dialog-field"):
            yield Label(words("question.account_way"))
            way = POST if given.symbol else BANK
            yield Select(ways, value=way, allow_blank=False, id="way", compact=True)
        with Vertical(id="of-bank"):
            yield Suggested(
                self.desk, "bank", SUGGESTION_KIND_BANK, words("question.bank"),
                value=given.bank, hint=words("question.bank_hint"),
            )  # fmt: skip
            yield Suggested(
                self.desk, "branch", SUGGESTION_KIND_BRANCH, words("question.branch"),
                value=given.branch, hint=words("question.branch_hint"), bank=self._bank_code,
            )  # fmt: skip
            with Horizontal(classes="dialog-field"):
                yield Label(words("field.account_type"))
                chosen = given.account_type or 1
                yield Select(types, value=chosen, allow_blank=False, id="part-account_type",
                             classes="part", compact=True)  # fmt: skip
        with Vertical(id="of-post"):
            yield Line("symbol", words("question.symbol"), given.symbol,
                       hint=words("question.symbol_hint"))  # fmt: skip
        yield Line("account_number", words("field.account_number"), given.account_number)
        yield Line("holder_kana", words("question.holder"), holder,
                   hint=words("question.holder_hint"))  # fmt: skip
        if self.prompt.input.account.passbook:
            yield from self._passbook()

    def _passbook(self) -> ComposeResult:
        words, id = self.words, self.current.account.passbook_attachment_id
        given = [id] if id else []
        if self.pretends:
            yield PretendedField(words, PASSBOOK, least=1, given=given)
        elif self.files is None:
            yield Static(words("question.no_passbook"), classes="warning", markup=False)
        else:
            yield FileField(
                self.desk, self.files, self.prompt.step, field=PASSBOOK,
                label=words("question.passbook"), media_types=PHOTOGRAPHS, most=1, given=given,
            )  # fmt: skip
            yield Static(words("question.passbook_about"), classes="quiet", markup=False)

    def on_mount(self) -> None:
        self._show_way(POST if self.current.account.symbol else BANK)

    def begin(self) -> None:
        self.query_one("#way").focus()

    def given(self) -> Answer:
        values = {line.field: _folded(line.value) for line in self.query(Line)}
        number, holder = re.sub(r"[\s-]", "", values["account_number"]), values["holder_kana"]
        if not re.fullmatch(r"\d{1,8}", number):
            raise Unfit("number_invalid", "account_number")
        if not holder:
            raise Unfit("required", "holder_kana")
        account = GivenAccount(account_number=number, holder_kana=holder)
        for field in (*self.query(FileField), *self.query(PretendedField)):
            account.passbook_attachment_id = "".join(field.ids)
        if self.query_one("#way", Select).value == POST:
            if not re.fullmatch(r"[01]\d{4}(-\d)?", values["symbol"]):
                raise Unfit("symbol_invalid", "symbol")
            account.bank, account.symbol = JAPAN_POST, values["symbol"]
        else:
            account.bank = self._code("bank", r"\d{4}", "bank_unknown")
            account.branch = self._code("branch", r"\d{3}", "branch_unknown")
            account.account_type = int(str(self.query_one("#part-account_type", Select).value))
        return Answer(account=account)

    @on(Select.Changed, "#way")
    def switch(self, event: Select.Changed) -> None:
        self._show_way(str(event.value))

    @on(Suggested.Taken)
    def go_to_next(self, message: Suggested.Taken) -> None:
        if message.field == "bank":
            self._suggested("branch").clear()
            self.query_one("#part-branch").focus()
        else:
            self.query_one("#part-account_type").focus()

    @on(Input.Submitted)
    def go_on(self, event: Input.Submitted) -> None:
        if event.input.id == "part-holder_kana" and not self.query(FileField):
            self.post_message(self.Done())
        else:
            self.screen.focus_next()

    @on(FileField.Finished)
    def all_given(self) -> None:
        self.post_message(self.Done())

    def _show_way(self, way: str) -> None:
        self.query_one("#of-bank").display = way == BANK
        self.query_one("#of-post").display = way == POST

    def _suggested(self, field: str) -> Suggested:
        return next(one for one in self.query(Suggested) if one.query(f"#part-{field}"))

    def _bank_code(self) -> str:
        bank = self._suggested("bank")
        written = _folded(bank.written)
        return bank.value or (written if re.fullmatch(r"\d{4}", written) else "")

    def _code(self, field: str, form: str, problem: str) -> str:
        """Return the code that was taken from the list, or that was typed as such."""
        suggested = self._suggested(field)
        code = suggested.value or _folded(suggested.written)
        if not re.fullmatch(form, code):
            raise Unfit(problem, field)
        return code


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()
