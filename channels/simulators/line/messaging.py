"""The endpoints that send messages, check them, and count them."""

import re
from functools import partial
from typing import Any

from channels.simulators.line import messages, sending
from channels.simulators.line.answers import Answer, Refused, body_has_errors
from channels.simulators.line.checks import Checks
from channels.simulators.line.platform import Call
from channels.simulators.line.sending import Sending

MOST_RECIPIENTS = 500
UNIT = re.compile(r"[a-zA-Z0-9_]{1,30}")
RETRY_KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


async def push(call: Call) -> Answer:
    body = call.json()
    checks = _check_message_request(body, len(call.body))
    checks.text(body, "to", "", 100)
    work = partial(
        sending.push,
        sending=_sending(call, body, checks),
        to=body.get("to", ""),
        limits=call.platform.limits(),
    )
    accepted = await call.platform.store.write(work)
    _ring(call, accepted.reached)
    return Answer(body={"sentMessages": accepted.sent})


async def reply(call: Call) -> Answer:
    body = call.json()
    checks = _check_message_request(body, len(call.body))
    checks.text(body, "replyToken", "", 100)
    work = partial(
        sending.reply, sending=_sending(call, body, checks), token=body.get("replyToken", "")
    )
    accepted = await call.platform.store.write(work)
    _ring(call, accepted.reached)
    return Answer(body={"sentMessages": accepted.sent})


async def multicast(call: Call) -> Answer:
    body = call.json()
    checks = _check_message_request(body, len(call.body))
    to = checks.sized_list(body.get("to"), "to", 1, MOST_RECIPIENTS)
    for index, id in enumerate(to):
        if not isinstance(id, str):
            checks.blame(f"to[{index}]", "Must be a string")
    work = partial(
        sending.multicast,
        sending=_sending(call, body, checks),
        to=to,
        limits=call.platform.limits(),
    )
    accepted = await call.platform.store.write(work)
    _ring(call, accepted.reached)
    return Answer()


async def validate(call: Call) -> Answer:
    checks = Checks(len(call.body))
    messages.check(checks, call.json().get("messages"))
    if checks.found:
        raise body_has_errors(checks.found)
    return Answer()


async def quota(call: Call) -> Answer:
    limit = call.platform.settings.quota
    return Answer(body={"type": "none"} if limit is None else {"type": "limited", "value": limit})


async def consumption(call: Call) -> Answer:
    now = call.platform.now()
    used = await call.platform.store.read(partial(sending.used_quota, at=now))
    return Answer(body={"totalUsage": used})


def retry_key(headers: dict[bytes, bytes]) -> str | None:
    """Return the request's retry key; raises Refused where it is no UUID."""
    raw = headers.get(b"x-line-retry-key")
    if raw is None:
        return None
    key = raw.decode("latin-1")
    if not RETRY_KEY.fullmatch(key):
        raise Refused(400, "The retry key must be a hexadecimal UUID")
    return key.lower()


def _check_message_request(body: dict[str, Any], size: int) -> Checks:
    checks = Checks(size)
    messages.check(checks, body.get("messages"))
    if not isinstance(body.get("notificationDisabled", False), bool):
        checks.blame("notificationDisabled", "Must be a boolean")
    units = body.get("customAggregationUnits")
    if units is not None:
        for unit in checks.sized_list(units, "customAggregationUnits", 0, 1):
            if not isinstance(unit, str) or not UNIT.fullmatch(unit):
                checks.blame("customAggregationUnits[0]", f"Must match {UNIT.pattern}")
    return checks


def _sending(call: Call, body: dict[str, Any], checks: Checks) -> Sending:
    if checks.found:
        raise body_has_errors(checks.found)
    return Sending(
        request_id=call.request_id,
        at=call.platform.now(),
        messages=body["messages"],
        retry_key=retry_key(call.headers),
    )


def _ring(call: Call, reached: list[str]) -> None:
    for person_id in reached:
        call.platform.typing.pop(person_id, None)
        call.platform.bell.ring(person_id)
