"""What is asked before anything is done to a resident's registration; each names the resident."""

from datetime import datetime

from todoke.v1 import residents_pb2 as pb
from todoke.v1.access_pb2 import BeginContactLinkRequest, BeginContactLinkResponse
from todoke.v1.proxies_pb2 import (
    PROXY_SCOPE_APPLY,
    PROXY_SCOPE_CIRCULARS,
    PROXY_SCOPE_READ,
    EndProxyRequest,
    OfferProxyRequest,
    OfferProxyResponse,
    Proxy,
    ProxyScope,
    ProxyTerms,
)
from todoke.v1.records_pb2 import (
    EXPORT_FORMAT_JSON,
    EXPORT_FORMAT_PDF,
    DeleteResidentRequest,
    ExportFormat,
    ExportRecordRequest,
)
from tui import formats
from tui.dates import Mistyped, read_date
from tui.desk import Desk
from tui.dialogs.ask import Answers, Ask, Field
from tui.files import keep_record, written_path
from tui.screens.resident_facts import name_of, spaced

DELETING_SECONDS = 60.0
REASON = Field("reason", limit=500)
CAUSES = (
    pb.CLOSING_CAUSE_DIED,
    pb.CLOSING_CAUSE_MOVED_OUT,
    pb.CLOSING_CAUSE_REGISTERED_TWICE,
)
SCOPES = (PROXY_SCOPE_READ, PROXY_SCOPE_APPLY, PROXY_SCOPE_CIRCULARS)
FORMATS = (EXPORT_FORMAT_PDF, EXPORT_FORMAT_JSON)


def named(resident: pb.Resident) -> pb.NamedResident:
    return pb.NamedResident(resident_id=resident.resident_id)


def ask_link_code(desk: Desk, resident: pb.Resident) -> Ask:
    core = desk.core

    async def link(_: Answers, request_id: str) -> BeginContactLinkResponse:
        request = BeginContactLinkRequest(resident=named(resident), request_id=request_id)
        return await core.ask(core.access.BeginContactLink, request)

    return Ask(desk.words, "link_code", link, about=_about(desk, "link_code", resident))


def ask_offer_proxy(desk: Desk, resident: pb.Resident) -> Ask:
    words, core = desk.words, desk.core

    async def offer(answers: Answers, request_id: str) -> OfferProxyResponse:
        last_day = read_date(words, answers["expire_date"], "expire_date")
        if not last_day:
            raise Mistyped("expire_date")
        terms = ProxyTerms(
            scopes=[scope for scope in SCOPES if answers[ProxyScope.Name(scope)]],
            expire_date=last_day,
        )
        request = OfferProxyRequest(resident=named(resident), terms=terms, request_id=request_id)
        return await core.ask(core.proxies.OfferProxy, request)

    scopes = (
        Field(ProxyScope.Name(scope), value=False, label=f"scope.{ProxyScope.Name(scope)}")
        for scope in SCOPES
    )
    about = _about(desk, "offer_proxy", resident)
    return Ask(words, "offer_proxy", offer, about=about, fields=(*scopes, Field("expire_date")))


def ask_unlink(desk: Desk, resident: pb.Resident, contact: pb.Contact) -> Ask:
    words, core = desk.words, desk.core

    async def unlink(_: Answers, request_id: str) -> None:
        request = pb.UnlinkContactRequest(
            resident=named(resident), contact_id=contact.contact_id, request_id=request_id
        )
        await core.ask(core.residents.UnlinkContact, request)

    about = words(
        "ask.unlink.about",
        name=name_of(resident.basic_four),
        channel=words.channel(contact.channel),
        seen=formats.moment(contact.seen_time) or words("none"),
    )
    return Ask(words, "unlink", unlink, about=about, grave=True)


def ask_end_proxy(desk: Desk, resident: pb.Resident, proxy: Proxy) -> Ask:
    words, core = desk.words, desk.core

    async def end(_: Answers, request_id: str) -> None:
        request = EndProxyRequest(
            resident=named(resident), proxy_id=proxy.proxy_id, request_id=request_id
        )
        await core.ask(core.proxies.EndProxy, request)

    about = words(
        "ask.end_proxy.about", name=spaced(proxy.resident_name), proxy=spaced(proxy.proxy_name)
    )
    return Ask(words, "end_proxy", end, about=about, grave=True)


def ask_suppress(desk: Desk, resident: pb.Resident) -> Ask:
    core = desk.core

    async def suppress(answers: Answers, request_id: str) -> None:
        request = pb.SuppressResidentRequest(
            resident_id=resident.resident_id,
            reason=str(answers["reason"]),
            etag=resident.etag,
            request_id=request_id,
        )
        await core.ask(core.residents.SuppressResident, request)

    about = _about(desk, "suppress", resident)
    return Ask(desk.words, "suppress", suppress, about=about, fields=(REASON,), grave=True)


def ask_clear(desk: Desk, resident: pb.Resident) -> Ask:
    core = desk.core

    async def clear(answers: Answers, request_id: str) -> None:
        request = pb.ClearSuppressionRequest(
            resident_id=resident.resident_id,
            reason=str(answers["reason"]),
            etag=resident.etag,
            request_id=request_id,
        )
        await core.ask(core.residents.ClearSuppression, request)

    about = _about(desk, "clear", resident)
    return Ask(desk.words, "clear", clear, about=about, fields=(REASON,), grave=True)


def ask_close(desk: Desk, resident: pb.Resident) -> Ask:
    words, core = desk.words, desk.core

    async def close(answers: Answers, request_id: str) -> None:
        date = read_date(words, answers["date"], "date")
        if not date:
            raise Mistyped("date")
        if not answers["cause"]:
            raise Mistyped("cause")
        request = pb.CloseResidentRequest(
            resident_id=resident.resident_id,
            cause=pb.ClosingCause.Value(str(answers["cause"])),
            date=date,
            reason=str(answers["reason"]),
            etag=resident.etag,
            request_id=request_id,
        )
        await core.ask(core.residents.CloseResident, request)

    causes = [pb.ClosingCause.Name(cause) for cause in CAUSES]
    fields = (
        Field(
            "cause",
            choices=[
                (words("choose"), ""),
                *((words(f"closing_cause.{cause}"), cause) for cause in causes),
            ],
        ),
        Field("date", datetime.now(formats.TOKYO).date().isoformat()),
        Field("reason", hint="hint.closing_reason", limit=500),
    )
    about = _about(desk, "close", resident)
    return Ask(words, "close", close, about=about, fields=fields, grave=True)


def ask_export(desk: Desk, resident: pb.Resident) -> Ask:
    """Fetch the record to a path; the answer tells where it lies and its SHA-256."""
    words = desk.words

    async def export(answers: Answers, _: str) -> str:
        request = ExportRecordRequest(
            resident=named(resident), format=ExportFormat.Value(str(answers["format"]))
        )
        kept = await keep_record(desk.core, request, written_path(str(answers["path"]) or "."))
        return words(
            "note.exported_record_text",
            path=kept.path,
            size=formats.count(kept.file.size),
            sha256=kept.file.sha256,
        )

    names = [ExportFormat.Name(form) for form in FORMATS]
    fields = (
        Field("format", choices=[(words(f"format.{name}"), name) for name in names]),
        Field("path", value=".", hint="hint.export_path"),
    )
    about = _about(desk, "export_record", resident)
    return Ask(words, "export_record", export, about=about, fields=fields)


def ask_delete(desk: Desk, resident: pb.Resident) -> Ask:
    """Delete all that is personal; the answer tells what the law makes the city keep."""
    words, core = desk.words, desk.core

    async def delete(answers: Answers, request_id: str) -> str:
        request = DeleteResidentRequest(
            resident=named(resident), reason=str(answers["reason"]), request_id=request_id
        )
        if not request.reason:
            raise Mistyped("reason")
        answer = await core.ask(core.records.DeleteResident, request, seconds=DELETING_SECONDS)
        if not answer.kept:
            return words("note.deleted_text")
        kept = words("comma").join(words.find(f"kept.{thing}") or thing for thing in answer.kept)
        return words("note.deleted_kept", kept=kept, date=answer.kept_until)

    about = _about(desk, "delete", resident)
    return Ask(words, "delete", delete, about=about, fields=(REASON,), grave=True)


def _about(desk: Desk, name: str, resident: pb.Resident) -> str:
    four = resident.basic_four
    return desk.words(
        f"ask.{name}.about",
        name=name_of(four),
        birth_date=four.birth_date or desk.words("date.unknown"),
        address=formats.plain(four.address),
    )
