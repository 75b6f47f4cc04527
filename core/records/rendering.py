"""A record as a file: JSON for machines, a PDF for people."""

import json
import tomllib
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pylopdf_fonts_jp
import typst
from google.protobuf.json_format import MessageToJson
from google.protobuf.timestamp_pb2 import Timestamp

from core.japan import JST
from todoke.v1 import proxies_pb2, records_pb2, residents_pb2

_HERE = Path(__file__).parent
_SHEET = _HERE / "record.typ"

Words = dict[str, Any]
Table = list[list[str]]
Section = tuple[str, Table]
"""A table under the name that its words have."""


def as_json(record: records_pb2.ResidentRecord) -> bytes:
    """Return the record with the contract's own names."""
    text = MessageToJson(record, preserving_proto_field_name=True, ensure_ascii=False, indent=2)
    return text.encode()


def as_pdf(record: records_pb2.ResidentRecord, *, city: str, language: str, now: datetime) -> bytes:
    """Return A4 pages in Japanese, or in English for whom speaks anything else.

    Tagged, so that it can be read aloud; the font is embedded. It takes a second: not to be called
    where somebody waits.
    """
    known = "ja" if language.split("-", maxsplit=1)[0] == "ja" else "en"
    words = _words(known)
    page = {
        "language": known,
        "title": words["title"],
        "city": city,
        "made": words["made"].format(time=_time(now)),
        "note": words["note"],
        "none": words["none"],
        "sections": list(_sections(record, words)),
    }
    pdf: bytes = typst.compile(
        str(_SHEET),
        root=str(_HERE),
        font_paths=[str(pylopdf_fonts_jp.sans_path().parent)],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"page": json.dumps(page, ensure_ascii=False)},
        pdf_standards=["ua-1"],
        timestamp=int(now.timestamp()),
    )
    return pdf


@cache
def _words(language: str) -> Words:
    return tomllib.loads((_HERE / "words" / f"{language}.toml").read_text(encoding="utf-8"))


def _sections(record: records_pb2.ResidentRecord, words: Words) -> Iterable[dict[str, Any]]:
    yield _resident(record, words)
    for part in (_about_the_person, _filed, _said_and_seen):
        yield from (_table(name, words, rows) for name, rows in part(record, words))


def _resident(record: records_pb2.ResidentRecord, words: Words) -> dict[str, Any]:
    resident = record.resident
    four = resident.basic_four
    return _pairs(
        "resident",
        words,
        name=four.name,
        birth_date=four.birth_date,
        sex=_named(words, "sexes", residents_pb2.Sex.Name(four.sex)),
        address=four.address,
        assurance=_assurance(words, resident.assurance),
        verify_time=_stamp(resident.verify_time),
        certificate_expire_time=_stamp(resident.certificate_expire_time),
        create_time=_stamp(resident.create_time),
        language=record.choices.language,
        topics=", ".join(record.choices.topics),
        closing_date=resident.closing_date,
    )


def _about_the_person(record: records_pb2.ResidentRecord, words: Words) -> Iterable[Section]:
    contacts = record.resident.contacts
    yield "contacts", [[one.channel, one.external_id, _stamp(one.seen_time)] for one in contacts]
    yield "history", [_period(one, words) for one in record.history]
    yield "consents", [_consent(one, words) for one in record.consents]
    yield "proxies", [_proxy(one, words) for one in record.proxies]
    passkeys = record.passkeys
    yield (
        "passkeys",
        [[one.label, _stamp(one.create_time), _stamp(one.use_time)] for one in passkeys],
    )


def _filed(record: records_pb2.ResidentRecord, words: Words) -> Iterable[Section]:
    yield "applications", [_application(one, words) for one in record.applications]
    yield (
        "answers",
        [
            [one.program_title, answer.label, answer.value]
            for one in record.applications
            for answer in one.answers
        ],
    )


def _said_and_seen(record: records_pb2.ResidentRecord, words: Words) -> Iterable[Section]:
    yield "messages", [_message(one, words) for one in record.messages]
    yield "letters", [[_stamp(one.print_time), one.about, one.number] for one in record.letters]
    actors = words["actors"]
    yield (
        "inquiries",
        [
            [_stamp(one.time), actors["staff" if one.from_city else "channel"], one.text]
            for one in record.inquiry_messages
        ],
    )
    yield (
        "looks",
        [
            [_stamp(one.time), actors.get(one.by, one.by), words["kinds"].get(one.kind, one.kind)]
            for one in record.looks
        ],
    )


def _consent(one: residents_pb2.Consent, words: Words) -> list[str]:
    return [
        _named(words, "purposes", residents_pb2.ConsentPurpose.Name(one.purpose)),
        str(one.version),
        _stamp(one.give_time),
        _stamp(one.withdraw_time),
    ]


def _proxy(one: proxies_pb2.Proxy, words: Words) -> list[str]:
    scopes = (proxies_pb2.ProxyScope.Name(scope) for scope in one.scopes)
    return [
        one.resident_name,
        one.proxy_name,
        ", ".join(_named(words, "scopes", scope) for scope in scopes),
        one.expire_date,
        _stamp(one.end_time),
    ]


def _application(one: records_pb2.RecordedApplication, words: Words) -> list[str]:
    return [
        one.program_title,
        words["states"].get(one.state, one.state),
        f"{one.amount:,}",
        _stamp(one.invite_time),
        _stamp(one.submit_time),
        _stamp(one.decide_time),
    ]


def _message(one: records_pb2.RecordedMessage, words: Words) -> list[str]:
    return [
        _stamp(one.create_time),
        words["occasions"].get(one.occasion, one.occasion),
        one.channel,
        words["deliveries"].get(one.state, one.state),
    ]


def _period(one: residents_pb2.FactPeriod, words: Words) -> list[str]:
    four = one.basic_four
    return [
        _stamp(one.begin_time),
        _stamp(one.end_time),
        four.name,
        four.address,
        _assurance(words, one.assurance),
    ]


def _pairs(key: str, words: Words, **values: str) -> dict[str, Any]:
    labels = words["sections"][key]
    rows = [[labels["rows"][name], value] for name, value in values.items() if value]
    return {"heading": labels["heading"], "columns": [], "rows": rows}


def _table(key: str, words: Words, rows: Table) -> dict[str, Any]:
    labels = words["sections"][key]
    return {"heading": labels["heading"], "columns": labels["columns"], "rows": rows}


def _assurance(words: Words, level: residents_pb2.Assurance.ValueType) -> str:
    return _named(words, "assurances", residents_pb2.Assurance.Name(level))


def _named(words: Words, group: str, name: str) -> str:
    """Return the word for a member of an enumeration, by the end of its name in lower case."""
    for key, word in words[group].items():
        if name.lower().endswith(f"_{key}"):
            return str(word)
    return ""


def _stamp(stamp: Timestamp) -> str:
    return _time(stamp.ToDatetime(JST)) if stamp.ByteSize() else ""


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(JST):%Y-%m-%d %H:%M}"
