"""The words and buttons of 家族の代理: pure functions, within LINE's limits."""

from collections.abc import Sequence
from datetime import UTC

from channels import wording
from channels.line import limits, messages
from channels.line.menu_messages import ask, say, turned, uri
from channels.line.messages import Action, Message, button, card, menu_button
from channels.line.postback import Do
from channels.line.shapes import TERM
from channels.line.verbs import Verb
from todoke.v1.proxies_pb2 import OfferProxyResponse, Proxy
from todoke.v1.registration_pb2 import Verification

TERMS = tuple(TERM.split("|"))


def explained(language: str) -> list[Message]:
    lines = [say(name, language) for name in ("family_lead", "family_ways")]
    actions = [
        button("family_by_card", language, Verb.BY_CARD),
        button("family_by_code", language, Verb.BY_CODE),
        button("family_offer", language, Verb.OFFER),
        button("family_list", language, Verb.PROXIES, "1"),
        button("menu_back", language, Verb.MENU, "1"),
    ]
    return [card(say("menu_family", language), lines, actions)]


def by_card(tasks: str, language: str) -> list[Message]:
    """Ask how long the proxy shall be, and say what for, which another button changes."""
    other = {"apply": Verb.BY_CARD_CIRCULARS, "circulars": Verb.BY_CARD}[tasks]
    actions = _terms(Verb.BY_CARD_UNTIL, tasks, other, language)
    return [card(say("family_by_card", language), _asked("by_card", tasks, language), actions)]


def challenge(
    verification: Verification, public_url: str, until: str, language: str
) -> list[Message]:
    time = wording.clock(verification.expire_time.ToDatetime(UTC), language)
    lines = [
        say("by_card_next", language, until=until),
        say("consent_next", language, time=time),
    ]
    address = f"{public_url}/card/{verification.challenge_id}"
    return [card(say("family_by_card", language), lines, [uri("open_card", address, language)])]


def offer(tasks: str, language: str) -> list[Message]:
    other = {"apply": Verb.OFFER_CIRCULARS, "circulars": Verb.OFFER}[tasks]
    actions = _terms(Verb.OFFER_UNTIL, tasks, other, language)
    return [card(say("family_offer", language), _asked("offer", tasks, language), actions)]


def offered(response: OfferProxyResponse, until: str, language: str) -> list[Message]:
    """Show the code alone in a message of its own, so that it can be copied and passed on."""
    ends = response.expire_time.ToDatetime(UTC)
    how = say(
        "offered",
        language,
        until=until,
        date=wording.date(ends, language),
        time=wording.clock(ends, language),
    )
    told = [*messages.texts(how), *messages.texts(response.code)]
    return messages.with_quick_replies(told, [menu_button(language)])


def listed(proxies: Sequence[Proxy], self_id: str, page: int, language: str) -> list[Message]:
    """List who acts for the reader, and for whom the reader acts."""
    title = say("family_list", language)
    back = button("menu_family", language, Verb.FAMILY)
    if not proxies:
        return [card(title, [say("proxies_none", language)], [back])]
    shown, turns = turned(proxies, page, Verb.PROXIES, language)
    lines = [sentence(proxy, self_id, language) for proxy in shown]
    ends = [
        messages.press(
            Do(Verb.END, (proxy.proxy_id,)),
            say("proxy_end", language, person=limits.clip(_other(proxy, self_id), 20)),
        )
        for proxy in shown
    ]
    return [card(title, lines, [back, *ends, *turns])]


def end(proxy: Proxy, self_id: str, asked: str, language: str) -> list[Message]:
    lines = [sentence(proxy, self_id, language), say("proxy_end_means", language)]
    sure = button("proxy_end_sure", language, Verb.END_SURE, proxy.proxy_id, asked)
    title = say("proxy_end", language, person=_other(proxy, self_id))
    return ask(title, lines, sure, language)


def sentence(proxy: Proxy, self_id: str, language: str) -> str:
    """Say who acts for whom, with the name of the other person only."""
    name = "proxy_for_me" if proxy.resident_id == self_id else "proxy_by_me"
    until = wording.day(proxy.expire_date, language)
    return say(name, language, person=_other(proxy, self_id), until=until)


def _other(proxy: Proxy, self_id: str) -> str:
    return proxy.proxy_name if proxy.resident_id == self_id else proxy.resident_name


def _asked(how: str, tasks: str, language: str) -> list[str]:
    return [say(name, language) for name in (how, f"proxy_scopes_{tasks}", "proxy_until_when")]


def _terms(verb: Verb, tasks: str, other: Verb, language: str) -> list[Action]:
    terms = [button(f"term_{term}", language, verb, term, tasks) for term in TERMS]
    change = "without_circulars" if tasks == "circulars" else "with_circulars"
    keep = button("keep_it", language, Verb.FAMILY)
    return [*terms, button(change, language, other), keep]
