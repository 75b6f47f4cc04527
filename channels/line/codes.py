"""A code that somebody typed: it links this LINE to a registration, or makes a proxy."""

from channels import wording
from channels.line.menu_messages import said, say
from channels.line.messages import Message, button, card, press
from channels.line.postback import Do
from channels.line.verbs import Verb
from channels.line.visits import Visit
from todoke.v1.access_pb2 import CompleteContactLinkRequest
from todoke.v1.proxies_pb2 import AcceptProxyRequest


def which(visit: Visit, code: str) -> list[Message]:
    """Ask what the code is for, which cannot be seen from it."""
    language = visit.language
    actions = [
        button("code_link", language, Verb.LINK_CODE, code),
        button("code_proxy", language, Verb.PROXY_CODE, code),
    ]
    if visit.contact.registered:
        word = wording.say("line_procedures", "code_answer", language)
        actions.append(press(Do(Verb.ANSWER_CODE, (code,)), word))
    return [card(say("code_title", language), [say("code_which", language)], actions)]


async def link(visit: Visit, code: str) -> list[Message]:
    core = visit.core
    request = CompleteContactLinkRequest(
        external_id=visit.event.contact, code=code, request_id=visit.event.id
    )
    linked = await core.ask(core.access.CompleteContactLink, request)
    return said("linked", linked.contact.language or visit.language)


async def become_proxy(visit: Visit, code: str) -> list[Message]:
    core = visit.core
    request = AcceptProxyRequest(speaker=visit.speaker, code=code, request_id=visit.event.id)
    proxy = (await core.ask(core.proxies.AcceptProxy, request)).proxy
    language = visit.language
    until = wording.day(proxy.expire_date, language)
    return said("proxy_taken", language, person=proxy.resident_name, until=until)
