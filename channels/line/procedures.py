"""手続き and 申請の状況: what may be begun, and what became of what was begun."""

from datetime import UTC

from google.protobuf.timestamp_pb2 import Timestamp

from channels import wording
from channels.line import limits, messages, turns
from channels.line.menu_messages import turned
from channels.line.messages import Action, Message, card, menu_button, press
from channels.line.postback import Do, Register
from channels.line.verbs import Verb
from channels.line.visits import Visit
from todoke.v1.applications_pb2 import (
    ApplicationState,
    ListOwnApplicationsRequest,
    OwnApplication,
    StartApplicationRequest,
    WithdrawApplicationRequest,
)
from todoke.v1.procedures_pb2 import ListOfferedProceduresRequest, OfferedProcedure

SECTION = "line_procedures"
SHOWN = 80
MOST = 100
WITH_THE_RESIDENT = {
    ApplicationState.APPLICATION_STATE_INVITED,
    ApplicationState.APPLICATION_STATE_STARTED,
    ApplicationState.APPLICATION_STATE_RETURNED,
}
MAY_BE_TAKEN_BACK = WITH_THE_RESIDENT | {
    ApplicationState.APPLICATION_STATE_SUBMITTED,
    ApplicationState.APPLICATION_STATE_IN_REVIEW,
}
"""Where it is likely; the core has the last word."""


async def offered(visit: Visit, page: str) -> list[Message]:
    """List what may be begun now; what is begun goes on."""
    request = ListOfferedProceduresRequest(external_id=visit.event.contact, language=visit.language)
    listed = await visit.core.ask(visit.core.procedures.ListOfferedProcedures, request)
    title, language = _say("title", visit), visit.language
    ways = [menu_button(language)] if visit.contact.registered else []
    if not listed.procedures:
        return [card(title, [_say("none", visit)], [*ways, messages.own_button(language)])]
    shown, to_others = turned(listed.procedures, int(page), Verb.PROCEDURES, language)
    lines = [_say("lead", visit), *(_about(one) for one in shown if one.about.strip())]
    buttons = [_begin(one, visit) for one in shown]
    return [card(title, lines, [*buttons, *to_others, messages.own_button(language)])]


async def start(visit: Visit, key: str) -> list[Message]:
    return await _start(visit, StartApplicationRequest(procedure=key))


async def start_program(visit: Visit, program_id: str) -> list[Message]:
    return await _start(visit, StartApplicationRequest(program_id=program_id))


async def own(visit: Visit, page: str) -> list[Message]:
    """List the applications of whoever asks, newest first."""
    found = await _own(visit)
    title, language = _say("own", visit), visit.language
    if not found:
        begin = messages.procedures_button(language)
        return [card(title, [_say("own_none", visit)], [begin])]
    shown, to_others = turned(found, int(page), Verb.OWN, language)
    lines = [
        _say("own_line", visit, title=_short(one.title), state=_state(one, visit)) for one in shown
    ]
    buttons = [press(Do(Verb.OWN_ONE, (one.application_id,)), _short(one.title)) for one in shown]
    actions = [*buttons, *to_others, messages.procedures_button(language)]
    return [card(title, [*lines, _say("own_lead", visit)], actions)]


async def one(visit: Visit, application_id: str) -> list[Message]:
    """Show an application, and what can be done with it."""
    found = await _find(visit, application_id)
    if found is None:
        return _unknown(visit)
    language, id = visit.language, (application_id,)
    lines = [_state(found, visit)]
    if found.reason.strip():
        reason = limits.clip(found.reason, 600)
        lines.append(wording.say("notices", "reason", language, reason=reason))
    if found.receipt_number:
        lines.append(_say("receipt", visit, number=found.receipt_number))
    for name, time in (("filed", found.submit_time), ("decided", found.decide_time)):
        if time.ToMilliseconds():
            lines.append(_say(name, visit, date=_date(time, language)))
    actions: list[Action] = []
    if found.state in WITH_THE_RESIDENT:
        actions.append(press(Do(Verb.ASK, id), _say("answer", visit)))
    if found.notice and visit.account.web_url:
        actions.append(press(Do(Verb.WEB), _say("notice", visit)))
    if found.state in MAY_BE_TAKEN_BACK:
        actions.append(press(Do(Verb.TAKE_BACK, id), _say("take_back", visit)))
    return [card(_short(found.title), lines, [*actions, messages.own_button(language)])]


async def take_back(visit: Visit, application_id: str) -> list[Message]:
    """Ask whether it is meant; the safe answer stands out."""
    found = await _find(visit, application_id)
    if found is None:
        return _unknown(visit)
    keep = wording.say("line", "keep_it", visit.language)
    actions = [
        press(Do(Verb.OWN_ONE, (application_id,)), keep),
        press(
            Do(Verb.TAKE_BACK_SURE, (application_id, visit.asked)), _say("take_back_sure", visit)
        ),
    ]
    means = _say("take_back_means", visit, title=_short(found.title))
    return [card(_say("take_back", visit), [means], actions)]


async def take_back_surely(visit: Visit, application_id: str, asked: str) -> list[Message]:
    if not visit.is_sure(asked):
        return await take_back(visit, application_id)
    request = WithdrawApplicationRequest(
        speaker=visit.speaker, application_id=application_id, request_id=visit.event.id
    )
    await visit.core.ask(visit.core.applications.WithdrawApplication, request)
    said = messages.texts(_say("taken_back", visit))
    return messages.with_quick_replies(said, [messages.own_button(visit.language)])


async def _start(visit: Visit, request: StartApplicationRequest) -> list[Message]:
    request.speaker.CopyFrom(visit.speaker)
    request.request_id = visit.event.id
    started = await visit.core.ask(visit.core.applications.StartApplication, request)
    return turns.say(visit, started.turn)


async def _own(visit: Visit) -> list[OwnApplication]:
    """List the newest; older ones than these are read on the web."""
    request = ListOwnApplicationsRequest(speaker=visit.speaker, page_size=MOST)
    listed = await visit.core.ask(visit.core.applications.ListOwnApplications, request)
    return list(listed.applications)


async def _find(visit: Visit, application_id: str) -> OwnApplication | None:
    return next((one for one in await _own(visit) if one.application_id == application_id), None)


def _unknown(visit: Visit) -> list[Message]:
    said = messages.texts(_say("unknown", visit))
    return messages.with_quick_replies(said, [messages.own_button(visit.language)])


def _begin(procedure: OfferedProcedure, visit: Visit) -> Action:
    title = _short(procedure.title)
    if procedure.application_id:
        return press(Do(Verb.ASK, (procedure.application_id,)), _say("go_on", visit, title=title))
    if procedure.needs_registration:
        word = _say("register_first", visit, title=title)
        return press(Register(), word)
    if procedure.program_id:
        return press(Do(Verb.START_PROGRAM, (procedure.program_id,)), title)
    return press(Do(Verb.START, (procedure.key,)), title)


def _about(procedure: OfferedProcedure) -> str:
    about = limits.clip(procedure.about.strip(), 300)
    return f"{_short(procedure.title)}\n{about}"


def _short(title: str) -> str:
    return limits.clip(title.strip(), SHOWN) or "―"


def _state(found: OwnApplication, visit: Visit) -> str:
    """Word where it is; a state younger than the catalogue is another."""
    known = wording.catalogue(wording.FIRST)["web_application_state"]
    names = {number: name for name, number in ApplicationState.items()}
    name = names.get(found.state, "").removeprefix("APPLICATION_STATE_").lower()
    name = name if name in known else "other"
    return wording.say("web_application_state", name, visit.language)


def _date(time: Timestamp, language: str) -> str:
    return wording.date(time.ToDatetime(UTC), language)


def _say(name: str, visit: Visit, **places: object) -> str:
    return wording.say(SECTION, name, visit.language, **places)
