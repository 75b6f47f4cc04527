"""Whether a resident is entitled: they choose a program, and are told why and what to do."""

from channels import wording
from channels.line import menu, messages
from channels.line.menu_messages import turned
from channels.line.messages import Message, card, menu_button, press
from channels.line.postback import Do
from channels.line.verbs import Verb
from channels.line.visits import Visit
from todoke.v1.ledger_pb2 import (
    ExplainEligibilityRequest,
    ListOpenProgramsRequest,
    OpenProgram,
)


async def programs(visit: Visit, page: str) -> list[Message]:
    """List what may be asked about."""
    if not visit.contact.registered:
        return menu.not_registered(visit)
    language = visit.language
    title = wording.say("eligible", "title", language)
    found = await _open(visit)
    if not found:
        none = wording.say("eligible", "none", language)
        return [card(title, [none], [menu_button(language)])]
    shown, turns = turned(found, int(page), Verb.ELIGIBLE, language)
    asked = [press(Do(Verb.ELIGIBLE_FOR, (one.program_id,)), _title(one, visit)) for one in shown]
    lead = wording.say("eligible", "lead", language)
    return [card(title, [lead], [*asked, *turns, menu_button(language)])]


async def explain(visit: Visit, program_id: str) -> list[Message]:
    """Answer for the one who asks; the chat names the program, and nobody."""
    if not visit.contact.registered:
        return menu.not_registered(visit)
    request = ExplainEligibilityRequest(resident=visit.resident, program_id=program_id)
    told = (await visit.core.ask(visit.core.ledger.ExplainEligibility, request)).explanation
    named = {one.program_id: _title(one, visit) for one in await _open(visit)}
    title = named.get(program_id) or wording.say("eligible", "title", visit.language)
    lines = wording.explanation(told, visit.language)
    actions = [menu_button(visit.language)]
    if told.next_step == "verify_again":
        actions.insert(0, messages.renew_button(visit.language))
    return [card(title, lines, actions)]


async def _open(visit: Visit) -> list[OpenProgram]:
    listed = await visit.core.ask(visit.core.ledger.ListOpenPrograms, ListOpenProgramsRequest())
    return list(listed.programs)


def _title(program: OpenProgram, visit: Visit) -> str:
    return wording.text_in(program.title.by_language, visit.language)
