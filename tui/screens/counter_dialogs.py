"""What is asked at the counter: the facts on the paper, and a second person's decision."""

from dataclasses import replace

from google.protobuf.timestamp_pb2 import Timestamp

from todoke.v1 import registration_pb2 as pb
from todoke.v1.access_pb2 import BeginContactLinkRequest, BeginContactLinkResponse
from todoke.v1.residents_pb2 import (
    BasicFour,
    ConsentText,
    IdentityDocument,
    NamedResident,
    Sex,
)
from tui import formats
from tui.dates import Mistyped, birth, read_date
from tui.desk import Desk
from tui.dialogs.ask import Answers, Ask, Field
from tui.screens.resident_facts import WIDE_BLANK, name_of
from tui.wording import Words

NEEDED = ("document", "family", "given", "sex", "address")


def ask_register(desk: Desk, consent: ConsentText, typed: Answers) -> Ask:
    """Ask for what the paper says, `typed` before or not; the consent text was read before."""
    words, core = desk.words, desk.core

    async def register(answers: Answers, request_id: str) -> None:
        for field in NEEDED:
            if not answers[field]:
                raise Mistyped(field)
        request = pb.RegisterAtCounterRequest(
            basic_four=BasicFour(
                name=f"{answers['family']}{WIDE_BLANK}{answers['given']}",
                birth_date=_birth_date(words, answers),
                sex=Sex.Value(str(answers["sex"])),
                address=str(answers["address"]),
            ),
            document=IdentityDocument.Value(str(answers["document"])),
            consent_version=consent.version,
            request_id=request_id,
        )
        await core.ask(core.registration.RegisterAtCounter, request)

    fields = (
        Field("document", choices=_choices(words, "document", IdentityDocument.keys())),
        Field("family", limit=100, part="name"),
        Field("given", limit=100, part="name"),
        Field("birth_date"),
        Field("birth_unknown", value=False),
        Field("sex", choices=_choices(words, "sex", Sex.keys())),
        Field("address", limit=200),
    )
    filled = [replace(field, value=typed.get(field.name, field.value)) for field in fields]
    about = words("ask.register.about", version=consent.version)
    return Ask(words, "register", register, about=about, fields=filled)


def ask_decide(desk: Desk, registration: pb.Registration, *, confirmed: bool) -> Ask:
    """Ask a second person, who sees all that the first one read from the paper."""
    core = desk.core

    async def decide(answers: Answers, request_id: str) -> pb.DecideRegistrationResponse:
        request = pb.DecideRegistrationRequest(
            registration_id=registration.registration_id,
            confirmed=confirmed,
            reason=str(answers["reason"]),
            etag=registration.etag,
            request_id=request_id,
        )
        return await core.ask(core.registration.DecideRegistration, request)

    name = "confirm" if confirmed else "refuse_registration"
    about = "\n".join([desk.words(f"ask.{name}.about"), as_read(desk.words, registration)])
    reason = Field("reason", hint=f"hint.{name}", limit=500)
    return Ask(desk.words, name, decide, about=about, fields=(reason,), grave=True)


def ask_first_code(desk: Desk, registration: pb.Registration) -> Ask:
    """Offer a code for the phone of whom has just been registered."""
    core = desk.core

    async def link(_: Answers, request_id: str) -> BeginContactLinkResponse:
        request = BeginContactLinkRequest(
            resident=NamedResident(resident_id=registration.resident_id), request_id=request_id
        )
        return await core.ask(core.access.BeginContactLink, request)

    about = desk.words("ask.first_code.about", name=name_of(registration.basic_four))
    return Ask(desk.words, "first_code", link, about=about)


def as_read(words: Words, registration: pb.Registration) -> str:
    """Write what the paper said, who read it, and what became of it, a line each."""
    four = registration.basic_four
    facts = {
        "name": name_of(four),
        "birth_date": birth(words, four.birth_date),
        "sex": words(f"sex.{Sex.Name(four.sex)}"),
        "address": four.address,
    }
    # What was refused is erased: nothing is said of it, rather than that it is unknown.
    lines = facts if registration.HasField("basic_four") else {}
    lines |= {
        "document": words(f"document.{IdentityDocument.Name(registration.document)}"),
        "consent_version": str(registration.consent_version),
        "put_forward": _by(words, registration.proposer, registration.create_time),
    }
    if registration.decider:
        lines["decided"] = _by(words, registration.decider, registration.decide_time)
    return "\n".join(
        words("labelled", label=words(f"fact.{key}"), value=formats.plain(value))
        for key, value in lines.items()
    )


def _by(words: Words, name: str, time: Timestamp) -> str:
    return words("by_at", name=name, time=formats.moment(time))


def _birth_date(words: Words, answers: Answers) -> str:
    """Return the birth date, or nothing where the box says that it is not known."""
    written = read_date(words, answers["birth_date"], "birth_date")
    if bool(written) == answers["birth_unknown"]:
        raise Mistyped("birth_date")
    return written


def _choices(words: Words, group: str, names: list[str]) -> list[tuple[str, str]]:
    """Offer nothing first, so that no fact is taken that nobody chose."""
    chosen = [(words(f"{group}.{name}"), name) for name in names[1:]]
    return [(words("choose"), ""), *chosen]
