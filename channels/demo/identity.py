"""Five people who come in, and go, by other ways: app, counter, family, web, leaving.

They register when all others have been paid, so that nobody's roster or message changes by them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from channels.demo import by_app, city_hall
from channels.demo.browser import Browser, Page
from channels.demo.chat import Chat, Message
from channels.demo.phone import Phone
from channels.demo.plan import Decision, Role, Ways
from channels.demo.resident import Resident
from channels.demo.stage import Stage
from channels.demo.steady import Breath, SteadyCore
from channels.simulators.city.city import Registrant
from channels.simulators.city.differences import Difference, Expected
from todoke.v1.access_pb2 import BeginContactLinkRequest
from todoke.v1.proxies_pb2 import ListProxiesRequest
from todoke.v1.registration_pb2 import (
    DecideRegistrationRequest,
    RegisterAtCounterRequest,
    Registration,
    RegistrationState,
)
from todoke.v1.residents_pb2 import (
    ASSURANCE_COUNTER,
    CONSENT_PURPOSE_REGISTRATION,
    IDENTITY_DOCUMENT_DRIVING_LICENCE,
    SEX_FEMALE,
    SEX_MALE,
    BasicFour,
    GetConsentTextRequest,
    GetResidentRequest,
    NamedResident,
    ResidentSummary,
    SearchResidentsRequest,
)

PEOPLE = 5
JSON_FILE = "record.json"
SAYING_HELLO = "こんにちは"


@dataclass(frozen=True, slots=True)
class Newcomers:
    """Who plays which part."""

    by_app: Registrant
    at_counter: Registrant
    grandchild: Registrant
    grandmother: Registrant
    leaving: Registrant

    @property
    def all(self) -> tuple[Registrant, ...]:
        return (self.by_app, self.at_counter, self.grandchild, self.grandmother, self.leaving)


@dataclass(frozen=True, slots=True)
class Came:
    """What was seen of them."""

    on_the_web: bool
    at_the_counter: str
    linked: bool
    proxies: int
    exported: bool
    found_after_leaving: int


def cast(roles: Sequence[Role]) -> Newcomers:
    """Choose them from the end, first among those with whom nothing is out of the ordinary.

    A small city has few of these; whoever else is chosen has no part in the rest of the play.
    """

    def oddities(role: Role) -> tuple[bool, bool, bool, bool]:
        registrant = role.registrant
        return (
            registrant.expected not in {Expected.EXACT, Expected.REVIEW},
            registrant.difference is not Difference.NONE,
            role.way is not Ways.YES,
            role.decision is not Decision.APPROVE,
        )

    from_the_end = roles[::-1]
    chosen = sorted(from_the_end, key=oddities)
    return Newcomers(*(role.registrant for role in chosen[:PEOPLE]))


class Identity:
    """Plays them, one after the other."""

    def __init__(self, stage: Stage, people: Newcomers) -> None:
        self._stage = stage
        self._people = people

    async def play(self) -> Came:
        hall, teller = self._stage.hall, self._stage.teller
        clerk = await hall.sign_in(city_hall.COUNTER.name)
        second = await hall.sign_in(city_hall.SECOND.name)
        with teller.step("by_app"):
            on_the_web = await self._by_app(self._people.by_app)
        with teller.step("at_counter"):
            state, linked = await self._at_counter(clerk, second, self._people.at_counter)
        with teller.step("family"):
            proxies = await self._family(clerk)
        with teller.step("leaving"):
            exported = await self._leaving(self._people.leaving)
            left = await _found(clerk, self._people.leaving)
        return Came(on_the_web, state, linked, proxies, exported, len(left))

    async def _by_app(self, who: Registrant) -> bool:
        """Register on the web by the authentication app; return whether the web knows them."""
        return await by_app.register(
            self._browser(who), self._stage.places.web_url, who, self._stage.web_up
        )

    async def _at_counter(
        self, clerk: SteadyCore, second: SteadyCore, who: Registrant
    ) -> tuple[str, bool]:
        """Register by papers, two people deciding, and link a phone by the code on paper."""
        registration = await self._by_two(clerk, second, who)
        resident_id = registration.resident_id
        handed = await clerk.ask(
            clerk.core.access.BeginContactLink,
            BeginContactLinkRequest(
                resident=NamedResident(resident_id=resident_id), request_id="demo:counter:code"
            ),
        )
        await self._link_phone(who, handed.code)
        shown = await clerk.ask(
            clerk.core.residents.GetResident, GetResidentRequest(resident_id=resident_id)
        )
        state = RegistrationState.Name(registration.state)
        channels = {contact.channel for contact in shown.resident.contacts}
        return state.removeprefix("REGISTRATION_STATE_").lower(), channels == {"line"}

    async def _by_two(self, clerk: SteadyCore, second: SteadyCore, who: Registrant) -> Registration:
        """Let one read the papers in, and another decide."""
        consent = await clerk.ask(
            clerk.core.residents.GetConsentText,
            GetConsentTextRequest(
                purpose=CONSENT_PURPOSE_REGISTRATION, assurance=ASSURANCE_COUNTER
            ),
        )
        proposed = await clerk.ask(
            clerk.core.registration.RegisterAtCounter,
            RegisterAtCounterRequest(
                basic_four=_basic_four(who),
                document=IDENTITY_DOCUMENT_DRIVING_LICENCE,
                consent_version=consent.consent_text.version,
                request_id="demo:counter",
            ),
        )
        decided = await second.ask(
            second.core.registration.DecideRegistration,
            DecideRegistrationRequest(
                registration_id=proposed.registration.registration_id,
                confirmed=True,
                reason=self._stage.words("reasons", "counter"),
                etag=proposed.registration.etag,
                request_id="demo:counter:decide",
            ),
        )
        return decided.registration

    async def _link_phone(self, who: Registrant, code: str) -> None:
        chat = Chat(Phone(self._stage.phones, who.line_user_id))
        await chat.phone.follow()
        await chat.hear("ようこそ")
        await chat.say(code)
        await chat.press(await chat.hear("コードを受け取りました"), "自分の登録につなぐ")
        await chat.hear("あなたの登録につながりました")

    async def _family(self, clerk: SteadyCore) -> int:
        """Let the grandmother sign on the grandchild's phone; return how many proxies she has."""
        who, other = self._people.grandchild, self._people.grandmother
        await self._register(who)
        chat = Chat(Phone(self._stage.phones, who.line_user_id))
        menu = await self._menu(chat)
        await chat.press(menu, "家族の代理")
        await chat.press(await chat.hear("ご家族"), "ご本人のカードで代理になる")
        await chat.press(await chat.hear("いつまでにしますか"), "1年")
        page = await chat.press(await chat.hear("次のページの文をご本人が読み"), "同意の文を読む")
        await self._hold_other_card(chat.phone, page, other)
        await chat.hear("の代理になりました")
        found = await _found(clerk, other)
        listed = await clerk.ask(
            clerk.core.proxies.ListProxies,
            ListProxiesRequest(resident=NamedResident(resident_id=found[0].resident_id)),
        )
        return len(listed.proxies)

    async def _hold_other_card(self, phone: Phone, page: str, other: Registrant) -> None:
        breath = Breath(self._stage.line_up)
        for deed in count(1):
            link = await phone.card_link(page)
            taken = not link
            if link:
                taken, _ = await phone.hold_card(f"other {deed}", link, other.pin, other.card_id)
            if taken:
                return
            await breath.take()

    async def _leaving(self, who: Registrant) -> bool:
        """Look at the record on the web, take it along, and delete it in the chat."""
        await self._register(who)
        chat = Chat(Phone(self._stage.phones, who.line_user_id))
        menu = await self._menu(chat)
        await chat.press(menu, "ウェブで見る")
        link = await chat.press(await chat.hear("1回だけ使えます"), "ウェブを開く")
        browser = self._browser(who)
        await browser.press((await browser.open(link)).form("code"))
        record = await browser.open(f"{self._stage.places.web_url}/me")
        file = await browser.open(record.link("json"))
        await chat.press(menu, "同意の取り消し")
        await chat.press(await chat.hear("もう一度お尋ねします"), "登録をすべて消す")
        await chat.press(await chat.hear("元には戻せません"), "はい、すべて消す")
        await chat.hear("登録を消しました")
        return _shows(record, who) and JSON_FILE in file.text

    async def _register(self, who: Registrant) -> None:
        role = Role(who, Ways.NOT_INVITED, Decision.NONE)
        await Resident(self._stage.phones, role, self._stage.line_up).register()

    async def _menu(self, chat: Chat) -> Message:
        """Ask for help in the chat, and open what one can do with one's registration."""
        await chat.hear("登録が終わりました")
        await chat.say(SAYING_HELLO)
        await chat.press(await chat.hear("市役所に送りますか"), "登録の内容")
        return await chat.hear("できることです")

    def _browser(self, who: Registrant) -> Browser:
        return Browser(self._stage.phones, who.line_user_id, self._stage.web_up)


async def _found(desk: SteadyCore, who: Registrant) -> list[ResidentSummary]:
    request = SearchResidentsRequest(
        name=who.person.name, birth_date=who.person.birth_date.isoformat()
    )
    return list((await desk.ask(desk.core.residents.SearchResidents, request)).residents)


def _basic_four(who: Registrant) -> BasicFour:
    return BasicFour(
        name=who.person.name,
        birth_date=who.person.birth_date.isoformat(),
        sex={"1": SEX_MALE, "2": SEX_FEMALE}[who.person.sex],
        address=who.address,
    )


def _shows(page: Page, who: Registrant) -> bool:
    return who.person.name in page.text
