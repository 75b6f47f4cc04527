"""What tests and operators look at and switch: deliveries, the webhook log, faults."""

import json
import sqlite3
from dataclasses import asdict
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from channels.simulators.faults import Fault
from channels.simulators.line import chat
from channels.simulators.line.faults import NAMES
from channels.simulators.line.phone_api import BadAction, platform_of


async def deliveries(request: Request) -> Response:
    """List what LINE accepted per person, the undelivered included; `?user=` for one person."""
    work = partial(_deliveries, person_id=request.query_params.get("user"))
    return JSONResponse(await platform_of(request).store.read(work))


async def webhooks(request: Request) -> Response:
    """List the events, each with every attempt to deliver it; `?user=` for one person."""
    work = partial(_webhooks, person_id=request.query_params.get("user"))
    return JSONResponse(await platform_of(request).store.read(work))


async def counts(request: Request) -> Response:
    """Count without listing: for benches."""
    return JSONResponse(await platform_of(request).store.read(_counts))


async def get_faults(request: Request) -> Response:
    on = platform_of(request).faults.on()
    return JSONResponse({"faults": {name: asdict(fault) for name, fault in on.items()}})


async def set_faults(request: Request) -> Response:
    """Replace all switches by `{"faults": {name: {probability, count, seconds}}}`."""
    try:
        given = (await request.json())["faults"]
        on = dict(Fault.named(name, fields, NAMES) for name, fields in given.items())
    except (ValueError, TypeError, KeyError, AttributeError) as wrong:
        raise BadAction(f"faults must be an object of {', '.join(NAMES)}: {wrong}") from wrong
    platform_of(request).faults.set(on)
    return await get_faults(request)


def _deliveries(db: sqlite3.Connection, person_id: str | None) -> dict[str, Any]:
    rows = db.execute(
        "SELECT person_id, chat.seq, request_id, kind, retry_key, chat.at, shown, messages,"
        " reached, unreached FROM chat JOIN sends ON sends.seq = send_seq"
        " LEFT JOIN recipients ON chat_seq = chat.seq"
        " WHERE ? IS NULL OR person_id IN (?, ?) ORDER BY chat.seq",
        (person_id, person_id, chat.MANY),
    )
    found: dict[str, list[dict[str, Any]]] = {}
    for who, seq, request_id, kind, retry_key, at, shown, messages, reached, unreached in rows:
        people = [(who, bool(shown))]
        if who == chat.MANY:
            people = [(id, True) for id in chat.ids_between(reached)]
            people += [(id, False) for id in chat.ids_between(unreached)]
        for id, is_delivered in people:
            if person_id not in {None, id}:
                continue
            found.setdefault(id, []).append(
                {
                    "seq": seq,
                    "request_id": request_id,
                    "kind": kind,
                    "retry_key": retry_key,
                    "at": at,
                    "is_delivered": is_delivered,
                    "messages": json.loads(messages),
                }
            )
    return {"people": found}


def _webhooks(db: sqlite3.Connection, person_id: str | None) -> dict[str, Any]:
    rows = db.execute(
        "SELECT id, person_id, event, delivered_at, given_up_at FROM events"
        " WHERE ? IS NULL OR person_id = ? ORDER BY seq",
        (person_id, person_id),
    ).fetchall()
    attempts: dict[str, list[dict[str, Any]]] = {}
    for id, at, is_redelivery, status, reason in db.execute(
        "SELECT event_id, at, is_redelivery, status, reason FROM attempts ORDER BY rowid"
    ):
        attempts.setdefault(id, []).append(
            {
                "at": at,
                "is_redelivery": bool(is_redelivery),
                "status": status,
                "reason": reason,
            }
        )
    return {
        "events": [
            {
                "id": id,
                "user": who,
                "event": json.loads(event),
                "is_delivered": delivered_at is not None,
                "is_given_up": given_up_at is not None,
                "attempts": attempts.get(id, []),
            }
            for id, who, event, delivered_at, given_up_at in rows
        ]
    }


def _counts(db: sqlite3.Connection) -> dict[str, int]:
    queries = {
        "people": "SELECT count(*) FROM people",
        "requests": "SELECT count(*) FROM sends",
        "deliveries": "SELECT (SELECT count(*) FROM chat WHERE send_seq IS NOT NULL AND shown"
        " AND person_id != '') + (SELECT coalesce(sum(reached_count), 0) FROM recipients)",
        "undelivered": "SELECT (SELECT count(*) FROM chat WHERE send_seq IS NOT NULL AND NOT shown)"
        " + (SELECT coalesce(sum(unreached_count), 0) FROM recipients)",
        "events": "SELECT count(*) FROM events",
        "pending_events": "SELECT count(*) FROM events"
        " WHERE delivered_at IS NULL AND given_up_at IS NULL",
    }
    return {name: db.execute(query).fetchone()[0] for name, query in queries.items()}
