"""All that the city holds of a resident, as it is read to them."""

from collections.abc import Iterable, Iterator

from textual.content import Content

from todoke.v1.records_pb2 import RecordedLook, ResidentRecord
from todoke.v1.residents_pb2 import ConsentPurpose
from tui import formats
from tui.screens.resident_facts import language_of
from tui.wording import Words


def record_text(words: Words, record: ResidentRecord) -> Content:
    """Write the record, a heading a kind, newest first as the core tells it."""
    parts = {
        "choices": _choices(words, record),
        "consents": _consents(words, record),
        "passkeys": (f"{formats.day(key.create_time)}  {key.label}" for key in record.passkeys),
        "applications": (
            f"{formats.day(filed.submit_time) or formats.day(filed.invite_time)}  "
            f"{filed.program_title}  "
            f"{words('yen', amount=formats.count(filed.amount))}  "
            f"{words.find(f'value.{filed.state}') or filed.state}"
            for filed in record.applications
        ),
        "messages": (
            f"{formats.moment(told.create_time)}  "
            f"{words.find(f'occasion.{told.occasion}') or told.occasion}  "
            f"{words.channel(told.channel)}  "
            f"{words.find(f'state.DISPATCH_STATE_{told.state.upper()}') or told.state}"
            for told in record.messages
        ),
        "letters": (
            f"{formats.day(sent.print_time)}  {sent.about}  {sent.number}"
            for sent in record.letters
        ),
        "looks": (f"{formats.moment(look.time)}  {_look(words, look)}" for look in record.looks),
    }
    return Content("\n\n").join(_part(words, name, lines) for name, lines in parts.items())


def _part(words: Words, name: str, lines: Iterable[str]) -> Content:
    written = [Content("  " + formats.plain(line)) for line in lines]
    if not written:
        written = [Content.styled("  " + words("none"), "dim")]
    title = Content.styled(words(f"record.{name}"), "bold")
    return Content("\n").join([title, *written])


def _choices(words: Words, record: ResidentRecord) -> Iterator[str]:
    choices = record.choices
    topics = words("comma").join(choices.topics) or words("none")
    yield f"{words('fact.language')} {language_of(words, choices.language)}"
    yield f"{words('fact.topics')} {topics}"


def _consents(words: Words, record: ResidentRecord) -> Iterator[str]:
    for consent in record.consents:
        purpose = words(f"purpose.{ConsentPurpose.Name(consent.purpose)}")
        ended = formats.day(consent.withdraw_time)
        yield words(
            "record.consent_ended" if ended else "record.consent",
            purpose=purpose,
            version=consent.version,
            given=formats.day(consent.give_time),
            ended=ended,
        )


def _look(words: Words, look: RecordedLook) -> str:
    """Say who looked, by their kind alone, and what they did."""
    who = words.find(f"looker.{look.by}") or look.by
    return words("event_line", actor=who, deed=words.deed(look.kind))
