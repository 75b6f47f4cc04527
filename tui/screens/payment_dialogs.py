"""What is asked on the way from approved applications to a bank file."""

from datetime import datetime, timedelta

from todoke.client import CoreError
from todoke.v1 import payments_pb2 as pb
from todoke.v1.eligibility_pb2 import ListProgramsRequest
from tui import formats
from tui.desk import Desk
from tui.dialogs.ask import Answers, Ask, Field
from tui.files import keep_export, written_path
from tui.screens.list_screen import PAGE
from tui.wording import Words

DAYS_AHEAD = 5
"""How far ahead the date offered lies; weekends are skipped, holidays the core refuses."""

ACCOUNT_TYPES = (pb.ACCOUNT_TYPE_ORDINARY, pb.ACCOUNT_TYPE_CURRENT, pb.ACCOUNT_TYPE_OTHER)
BANK_WAYS = ("line_ends", "blank_bank_names", "blank_clearing_house", "wo_in_names")


def ask_originator(desk: Desk) -> Ask:
    words, core = desk.words, desk.core

    async def set_it(answers: Answers, request_id: str) -> None:
        originator = pb.Originator(
            code=str(answers["code"]),
            name=str(answers["name"]),
            bank=str(answers["bank"]),
            branch=str(answers["branch"]),
            account_type=pb.AccountType.Value(str(answers["account_type"])),
            account_number=str(answers["account_number"]),
            format=pb.BankFormat(**{way: bool(answers[way]) for way in BANK_WAYS}),
        )
        request = pb.SetOriginatorRequest(originator=originator, request_id=request_id)
        await core.ask(core.payments.SetOriginator, request)

    kinds = [pb.AccountType.Name(kind) for kind in ACCOUNT_TYPES]
    fields = (
        Field("code", label="field.originator_code", hint="hint.originator_code"),
        Field("name", label="field.originator_name", hint="hint.originator_name"),
        Field("bank"),
        Field("branch"),
        Field("account_type", choices=[(words(f"account.{kind}"), kind) for kind in kinds]),
        Field("account_number"),
        *(Field(way, value=False) for way in BANK_WAYS),
    )
    about = words("ask.originator.about")
    return Ask(words, "originator", set_it, about=about, fields=fields)


async def ask_propose(desk: Desk) -> Ask | str:
    """Return the dialog, or in words why there is none."""
    words, core = desk.words, desk.core
    try:
        answer = await core.ask(core.eligibility.ListPrograms, ListProgramsRequest(page_size=PAGE))
    except CoreError as error:
        return str(words.refusal(error))
    if not answer.programs:
        return words("why.no_program")

    async def propose(answers: Answers, request_id: str) -> None:
        request = pb.ProposeTransferBatchRequest(
            program_id=str(answers["program"]),
            transfer_date=str(answers["transfer_date"]),
            request_id=request_id,
        )
        await core.ask(core.payments.ProposeTransferBatch, request)

    choices = [
        (
            words(
                "program_choice",
                title=program.title,
                approved=formats.count(program.counts.applications.get("approved", 0)),
            ),
            program.program_id,
        )
        for program in answer.programs
    ]
    fields = (Field("program", choices=choices), Field("transfer_date", value=_date_ahead()))
    return Ask(words, "propose", propose, about=words("ask.propose.about"), fields=fields)


def ask_release(desk: Desk, batch: pb.TransferBatch) -> Ask:
    core = desk.core

    async def release(_: Answers, request_id: str) -> None:
        request = pb.ApproveTransferBatchRequest(
            batch_id=batch.batch_id, etag=batch.etag, request_id=request_id
        )
        await core.ask(core.payments.ApproveTransferBatch, request)

    about = _about(desk.words, "release", batch)
    return Ask(desk.words, "release", release, about=about, grave=True)


def ask_override(desk: Desk, batch: pb.TransferBatch) -> Ask:
    core = desk.core

    async def override(answers: Answers, request_id: str) -> None:
        request = pb.OverrideFindingsRequest(
            batch_id=batch.batch_id,
            reason=str(answers["reason"]),
            etag=batch.etag,
            request_id=request_id,
        )
        await core.ask(core.payments.OverrideFindings, request)

    findings = "\n".join(f"! {finding_text(desk.words, finding)}" for finding in batch.findings)
    about = f"{_about(desk.words, 'override', batch)}\n{findings}"
    return Ask(desk.words, "override", override, about=about, fields=(Field("reason"),), grave=True)


def ask_cancel(desk: Desk, batch: pb.TransferBatch) -> Ask:
    core = desk.core

    async def cancel(answers: Answers, request_id: str) -> None:
        request = pb.CancelTransferBatchRequest(
            batch_id=batch.batch_id,
            reason=str(answers["reason"]),
            etag=batch.etag,
            request_id=request_id,
        )
        await core.ask(core.payments.CancelTransferBatch, request)

    about = _about(desk.words, "cancel", batch)
    return Ask(desk.words, "cancel", cancel, about=about, fields=(Field("reason"),), grave=True)


def ask_export(desk: Desk, batch: pb.TransferBatch) -> Ask:
    """Fetch the bank file to a path; the answer tells where it lies and its SHA-256."""
    words = desk.words

    async def export(answers: Answers, request_id: str) -> str:
        where = written_path(str(answers["path"]) or ".")
        kept = await keep_export(
            desk.core, batch_id=batch.batch_id, request_id=request_id, where=where
        )
        return words(
            "note.exported_text",
            path=kept.path,
            size=formats.count(kept.file.size),
            lines=formats.count(kept.file.batch.lines),
            total=formats.count(kept.file.batch.total),
            sha256=kept.file.sha256,
        )

    about = _about(words, "export", batch)
    field = Field("path", value=".", hint="hint.export_path")
    return Ask(words, "export", export, about=about, fields=(field,))


def finding_text(words: Words, finding: pb.Finding) -> str:
    """Word what stops a batch, with the numbers of its lines."""
    lines = words("comma").join(str(number) for number in finding.lines[:5])
    if len(finding.lines) > 5:
        lines = words("and_more", first=lines, all=formats.count(len(finding.lines)))
    figures = dict(finding.metadata)
    text = words.find(f"finding.{finding.kind}", **figures, lines=lines)
    return text or words("finding_unknown", kind=finding.kind, lines=lines)


def _about(words: Words, name: str, batch: pb.TransferBatch) -> str:
    return words(
        f"ask.{name}.about",
        title=batch.program_title,
        lines=formats.count(batch.lines),
        total=formats.count(batch.total),
        date=batch.transfer_date,
        proposer=batch.proposer,
    )


def _date_ahead() -> str:
    day = datetime.now(formats.TOKYO).date() + timedelta(days=DAYS_AHEAD)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return day.isoformat()
