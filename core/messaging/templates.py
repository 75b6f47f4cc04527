"""Texts that messages and answers begin from, and what is checked of every message."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core import events
from core.callers import Caller
from core.etags import check_etag
from core.ids import new_id
from core.messaging import drafts, rows, rules
from core.messaging.rows import Template
from core.my_number import refuse_my_number
from core.procedures.catalogue import Catalogue


def save(
    session: Session,
    by: Caller,
    catalogue: Catalogue,
    *,
    id: str,
    name: str,
    message: Mapping[str, Any],
    use: rules.Use,
    etag: str,
    now: datetime,
) -> Template:
    """Keep a template, new where `id` is empty; the message is the contract's, in JSON.

    Raises TemplateUnknown, ChangedMeanwhile and what `check_message` raises.
    """
    refuse_my_number(name, field="name")
    known = rules.PLACES if use is rules.Use.MESSAGE else ()
    check_message(session, by, catalogue, message, now, known=known)
    text = json.dumps(message, ensure_ascii=False)
    if id:
        template = rows.get_template(session, by.municipality, id, lock=True)
        if template.use is not use:
            raise rules.TemplateUnknown(f"template {id} is none for {use}s")
        check_etag(template.revision, etag)
        template.name, template.message_json = name, text
        template.revision += 1
    else:
        template = Template(
            municipality=by.municipality,
            id=new_id(),
            name=name,
            message_json=text,
            use=use,
            revision=1,
        )
        session.add(template)
    events.record(session, by, "template.saved", template.id, now)
    return template


def delete(session: Session, by: Caller, template: Template, *, etag: str, now: datetime) -> None:
    """Delete a template; what was begun from it has the text itself. Raises ChangedMeanwhile."""
    check_etag(template.revision, etag)
    session.delete(template)
    events.record(
        session, by, "template.deleted", template.id, now, details={"name": template.name}
    )


def check_message(
    session: Session,
    by: Caller,
    catalogue: Catalogue,
    message: Mapping[str, Any],
    now: datetime,
    *,
    known: Collection[str] = rules.PLACES,
) -> None:
    """Check the texts of a message, whose places are known, and that what it names is there.

    Raises TextPlaceUnknown, MyNumberRefused, ProcedureUnknown, AttachmentUnknown.
    """
    for field, text in drafts.texts_of(message):
        rules.check_places(text, field, known=known)
        for words in text.values():
            refuse_my_number(words, field=field)
    if procedure := message.get("procedure", ""):
        catalogue.in_force(session, by.municipality, procedure, now)
    if image_id := message.get("image_id", ""):
        rows.get_image(session, by.municipality, image_id)
