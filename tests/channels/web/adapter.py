"""Makers for the tests of the web adapter: it runs behind a browser, before a fake core."""

import html
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from cryptography.fernet import Fernet

from channels.web.app import create_app
from channels.web.settings import WebSettings
from tests.channels.fake_core import APPLICATION, TOKEN, FakeCore, fake_core
from todoke.v1 import (
    access_pb2,
    applications_pb2,
    campaigns_pb2,
    proxies_pb2,
    records_pb2,
    registration_pb2,
    residents_pb2,
)

ORIGIN = "https://web.todoke.example"
CONTACT = "0198c0de-0000-7000-8000-0000000000c1"
OTHER_CONTACT = "0198c0de-0000-7000-8000-0000000000c2"
RESIDENT = "0198c0de-0000-7000-8000-0000000000a1"
GRANDMOTHER = "0198c0de-0000-7000-8000-0000000000a2"
PROXY = "0198c0de-0000-7000-8000-0000000000b1"
CONSENT = "0198c0de-0000-7000-8000-0000000000d1"
PASSKEY = "0198c0de-0000-7000-8000-0000000000e1"
KEY = Fernet.generate_key().decode()


def some_settings(folder: Path, core: str, **more: Any) -> WebSettings:
    (folder / "token").write_text(f"{TOKEN}\n", encoding="utf-8")
    (folder / "keys").write_text(f"{more.pop('keys', KEY)}\n", encoding="utf-8")
    given: dict[str, Any] = {
        "core_address": core,
        "core_token_file": folder / "token",
        "session_key_file": folder / "keys",
        "public_url": ORIGIN,
        "city": "とどけ市",
        "authentication_app": True,
    }
    return WebSettings(**{**given, **more})


def at(message: Any, field: str, iso: str) -> None:
    getattr(message, field).FromJsonString(iso)


def a_record(external_id: str, **more: Any) -> records_pb2.ResidentRecord:
    """Make the record of Hanako, who has LINE, this browser, and her grandmother to act for."""
    resident = residents_pb2.Resident(
        resident_id=RESIDENT,
        basic_four=residents_pb2.BasicFour(
            name="届出\u3000花子",
            birth_date="1985-04-12",
            sex=residents_pb2.SEX_FEMALE,
            address="岡山県とどけ市本町一丁目2番3号",
            name_substitutes="00000",
        ),
        assurance=residents_pb2.ASSURANCE_JPKI_SIGNATURE,
        revocation=residents_pb2.REVOCATION_NOT_REVOKED,
        contacts=[
            residents_pb2.Contact(
                contact_id=CONTACT, channel="web", external_id=external_id, registered=True
            ),
            residents_pb2.Contact(
                contact_id=OTHER_CONTACT,
                channel="line",
                external_id="U" + "a" * 32,
                state=residents_pb2.CONTACT_STATE_REACHABLE,
                registered=True,
            ),
        ],
        language="ja",
    )
    at(resident, "verify_time", "2026-11-01T03:00:00Z")
    at(resident, "create_time", "2026-04-01T03:00:00Z")
    at(resident, "certificate_expire_time", "2030-04-12T14:59:59Z")
    consent = residents_pb2.Consent(
        consent_id=CONSENT, purpose=residents_pb2.CONSENT_PURPOSE_REGISTRATION, version=2
    )
    at(consent, "give_time", "2026-11-01T03:00:00Z")
    period = residents_pb2.FactPeriod(
        basic_four=resident.basic_four, assurance=resident.assurance, cause=""
    )
    at(period, "begin_time", "2026-11-01T03:00:00Z")
    application = records_pb2.RecordedApplication(
        program_title="物価高騰支援給付金", state="approved", amount=30_000
    )
    at(application, "submit_time", "2026-11-10T03:00:00Z")
    message = records_pb2.RecordedMessage(occasion="invited", channel="line", state="sent")
    at(message, "create_time", "2026-11-05T03:00:00Z")
    letter = records_pb2.RecordedLetter(about="防災訓練のお知らせ", number="9F3507-00001")
    at(letter, "print_time", "2026-11-08T03:00:00Z")
    look = records_pb2.RecordedLook(by="staff", kind="resident.viewed")
    at(look, "time", "2026-11-12T05:06:00Z")
    given: dict[str, Any] = {
        "resident": resident,
        "choices": residents_pb2.Choices(language="ja", topics=["childcare"], etag="e1"),
        "consents": [consent],
        "proxies": [a_proxy()],
        "history": [period],
        "applications": [application],
        "messages": [message],
        "letters": [letter],
        "looks": [look],
    }
    return records_pb2.ResidentRecord(**{**given, **more})


def an_application(**more: Any) -> applications_pb2.OwnApplication:
    given: dict[str, Any] = {
        "application_id": APPLICATION,
        "title": "物価高騰支援給付金",
        "state": applications_pb2.APPLICATION_STATE_APPROVED,
        "amount": 30_000,
        "masked_account": "とどけ銀行 本店 普通 ***4567",
        "notice": True,
    }
    made = applications_pb2.OwnApplication(**{**given, **more})
    at(made, "submit_time", "2026-11-10T03:00:00Z")
    return made


def a_proxy(**more: Any) -> proxies_pb2.Proxy:
    given: dict[str, Any] = {
        "proxy_id": PROXY,
        "resident_id": GRANDMOTHER,
        "resident_name": "届出\u3000ハナ",
        "proxy_resident_id": RESIDENT,
        "proxy_name": "届出\u3000花子",
        "scopes": [proxies_pb2.PROXY_SCOPE_READ, proxies_pb2.PROXY_SCOPE_APPLY],
        "expire_date": "2027-03-31",
    }
    return proxies_pb2.Proxy(**{**given, **more})


def some_messages(**more: Any) -> campaigns_pb2.ListOwnInquiryMessagesResponse:
    """What Hanako asked the city, and what it answered."""
    asked = campaigns_pb2.InquiryMessage(text="ごみの日は<いつ>\nですか。")
    answered = campaigns_pb2.InquiryMessage(text="火曜日です。", from_city=True)
    at(asked, "time", "2026-11-12T03:00:00Z")
    at(answered, "time", "2026-11-12T05:06:00Z")
    return campaigns_pb2.ListOwnInquiryMessagesResponse(messages=[answered, asked], **more)


def _later(message: Any) -> Any:
    message.expire_time.FromJsonString("2099-01-01T00:00:00Z")
    return message


def scripted(core: FakeCore) -> FakeCore:
    """Let a core answer as if everybody who links a contact were Hanako."""

    def link(request: Any) -> Any:
        contact = core.contacts[request.external_id]
        contact.registered, contact.contact_id = True, CONTACT
        contact.external_id = request.external_id
        return access_pb2.CompleteContactLinkResponse(contact=contact)

    def by_token(request: Any) -> Any:
        return access_pb2.LinkByIdTokenResponse(contact=link(request).contact)

    def record(request: Any) -> Any:
        speaker = request.resident.speaker
        made = a_record(speaker.external_id)
        if speaker.for_resident_id:
            made.resident.basic_four.name = "届出\u3000ハナ"
        return records_pb2.GetRecordResponse(record=made)

    passkey = access_pb2.Passkey(passkey_id=PASSKEY, label="わたしのスマホ")
    at(passkey, "create_time", "2026-11-02T03:00:00Z")
    topic = residents_pb2.Topic(key="childcare")
    topic.title.by_language.update({"ja": "子育て", "en": "Childcare"})
    authentication = registration_pb2.BeginAuthenticationResponse(
        authorization_uri="https://auth.example.jp/authorize?state=st&nonce=n", state="st"
    )
    text = residents_pb2.ConsentText(version=2, text="とどけ市は<氏名>を\n受け取ります。")
    answers: dict[str, Any] = {
        "AcceptProxy": proxies_pb2.AcceptProxyResponse(proxy=a_proxy()),
        "BeginAuthentication": _later(authentication),
        "BeginContactLink": _later(access_pb2.BeginContactLinkResponse(code="ABCDEFGHJK")),
        "ChooseTopics": residents_pb2.ChooseTopicsResponse(),
        "DeletePasskey": access_pb2.DeletePasskeyResponse(),
        "DeleteResident": records_pb2.DeleteResidentResponse(
            kept=["applications"], kept_until="2031-11-30"
        ),
        "EndProxy": proxies_pb2.EndProxyResponse(),
        "GetConsentText": residents_pb2.GetConsentTextResponse(consent_text=text),
        "ListOwnInquiryMessages": some_messages(),
        "ReceiveInquiry": campaigns_pb2.ReceiveInquiryResponse(),
        "ListOwnApplications": applications_pb2.ListOwnApplicationsResponse(
            applications=[an_application()]
        ),
        "ListPasskeys": access_pb2.ListPasskeysResponse(passkeys=[passkey]),
        "ListProxies": proxies_pb2.ListProxiesResponse(proxies=[a_proxy()]),
        "ListTopics": residents_pb2.ListTopicsResponse(topics=[topic]),
        "OfferProxy": _later(proxies_pb2.OfferProxyResponse(code="MNPQRSTVWX")),
        "UnlinkContact": residents_pb2.UnlinkContactResponse(),
        "WithdrawConsent": residents_pb2.WithdrawConsentResponse(),
    }
    core.script.update({name: lambda _, made=made: made for name, made in answers.items()})
    core.script.update(CompleteContactLink=link, LinkByIdToken=by_token, GetRecord=record)
    return core


@dataclass
class Browser:
    """Follows pages as a person does: a form is sent with what its page put into it."""

    http: httpx.AsyncClient
    core: FakeCore
    app: Any
    page: str = ""
    status: int = 0
    answer: httpx.Response | None = None

    async def get(self, path: str, **more: Any) -> str:
        return await self.took(await self.http.get(path, **more))

    async def send(self, action: str, **fields: Any) -> str:
        """Fill in and send the page's form of this action."""
        return await self.post(action, {**self.hidden(action), **fields})

    async def post(self, path: str, fields: Any) -> str:
        return await self.took(await self.http.post(path, data=fields))

    def hidden(self, action: str) -> dict[str, str]:
        """Read what a form of this page would send without the person."""
        found = re.search(
            rf'<form[^>]*action="{re.escape(action)}"[^>]*>(.*?)</form>', self.page, re.DOTALL
        )
        assert found, f"no form for {action} on this page"
        inputs = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', found[1])
        return {name: html.unescape(value) for name, value in inputs}

    async def took(self, answer: httpx.Response) -> str:
        self.answer, self.status = answer, answer.status_code
        self.page = answer.text
        return self.page

    @property
    def where(self) -> str:
        assert self.answer is not None
        return self.answer.url.path

    async def sign_in(self) -> None:
        await self.get("/sign-in")
        await self.send("/sign-in/code", code="abcde fghjk")
        assert self.where == "/me", self.page


@asynccontextmanager
async def browsing(folder: Path, **more: Any) -> AsyncIterator[Browser]:
    """Open a browser before an adapter and a scripted core."""
    async with fake_core() as core, beside(folder, scripted(core), **more) as browser:
        yield browser


@asynccontextmanager
async def beside(folder: Path, core: FakeCore, **more: Any) -> AsyncIterator[Browser]:
    clock = more.pop("clock", time.time)
    app = create_app(some_settings(folder, core.address, **more), clock)
    origin = more.get("public_url", ORIGIN)
    async with app.router.lifespan_context(app), another(app, core, origin) as browser:
        yield browser


@asynccontextmanager
async def another(app: Any, core: FakeCore, origin: str = ORIGIN) -> AsyncIterator[Browser]:
    """Open one more browser at the same adapter."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(
        transport=transport, base_url=origin, follow_redirects=True
    ) as http:
        yield Browser(http, core, app)
