"""What the core tells beside one's own prompts: whose matter it is, and the button that helps."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels import wording
from channels.line import family_messages, limits, menu_messages, messages, prompts, turns
from channels.line.family import SCOPES
from channels.line.postback import Do, decode, encode
from channels.line.shapes import ARGUMENTS
from channels.line.verbs import Verb
from tests.channels.fake_core import APPLICATION, a_prompt, a_verification
from tests.channels.line.chat import Said, wrong
from tests.channels.line.test_messages import TEXTS
from tests.examples import examples
from todoke.v1.access_pb2 import BeginContactLinkResponse
from todoke.v1.applications_pb2 import Closing
from todoke.v1.dispatches_pb2 import Notice, NoticeKind
from todoke.v1.procedures_pb2 import Choice, ShownFact
from todoke.v1.proxies_pb2 import OfferProxyResponse
from todoke.v1.records_pb2 import DeleteResidentResponse
from todoke.v1.residents_pb2 import Consent, ConsentPurpose, StaleCause

BUTTONS = {
    "REGISTERED": ["1:menu:1"],
    "RENEWED": ["1:menu:1"],
    "CONTACT_LINKED": ["1:menu:1"],
    "PASSKEY_MADE": ["1:menu:1"],
    "PROXY_GIVEN": ["1:menu:1"],
    "PROXY_TAKEN": ["1:menu:1"],
    "PLEASE_RENEW": ["1:register", "1:menu:1"],
}
KINDS = [kind for kind in NoticeKind.values() if kind]


@pytest.mark.parametrize("language", ["ja", "ja-x-easy", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_each_notice_has_the_button_that_helps_and_for_another_none(
    kind: NoticeKind.ValueType, language: str
) -> None:
    notice = Notice(kind=kind, language=language, person="届　梅", until_date="2027-11-27")
    notice.cause = StaleCause.STALE_CAUSE_CERTIFICATE_EXPIRING
    notice.linked_channel = "web"
    said = Said(messages.notice(notice))
    assert wrong(said.messages) == []
    name = NoticeKind.Name(kind).removeprefix("NOTICE_KIND_")
    assert said.data == BUTTONS.get(name, [])
    notice.on_behalf_of = "届　松"
    said = Said(messages.notice(notice))
    assert said.data == []
    first = wording.say("notices", "on_behalf_of", language, person="届　松")
    assert said.messages[0]["text"].startswith(first)


def test_a_prompt_for_another_says_so_at_the_top() -> None:
    [message] = prompts.prompt(a_prompt(on_behalf_of="届　梅"))
    assert message["altText"].startswith("届　梅さんへのお知らせです。\n")
    body = message["contents"]["body"]["contents"]
    assert [part["text"] for part in body[:2]] == [
        "物価高騰支援給付金",
        "届　梅さんへのお知らせです。",
    ]
    long = prompts.prompt(
        a_prompt(on_behalf_of="届　梅", facts=[ShownFact(label="事実", value="値" * 2000)] * 6)
    )
    assert long[0]["text"].startswith("届　梅さんへのお知らせです。\n")


@given(TEXTS, TEXTS)
def test_whoever_it_is_for_line_takes_it(person: str, text: str) -> None:
    assert wrong(prompts.prompt(a_prompt(on_behalf_of=person[:200], text=text))) == []
    closing = Closing(
        application_id=APPLICATION,
        text=text,
        step="confirm_account",
        choices=[Choice(value="other", label="別の口座")],
        on_behalf_of=person[:200],
    )
    assert wrong(turns.closing(closing)) == []


def test_a_closing_for_another_says_so_first() -> None:
    closing = Closing(text="受け付けました。", on_behalf_of="届　梅", language="en")
    [message] = turns.closing(closing)
    assert message["text"] == "This is for 届　梅.\n受け付けました。"


def all_said(language: str) -> list[Any]:
    url = "https://" + "x" * 492
    began = BeginContactLinkResponse(code="ABCDE23456")
    offered = OfferProxyResponse(code="ABCDE23456")
    asked = "1234567890"
    consents = [Consent(consent_id=APPLICATION, purpose=one) for one in ConsentPurpose.values()]
    return [
        *(
            menu_messages.menu(language, page=page, renewal_due=True, has_web=True, has_app=True)
            for page in (1, 2)
        ),
        menu_messages.menu(
            language, page=1, renewal_due=True, has_web=True, has_app=True, belongs=True, leads=True
        ),
        messages.greeting(is_registered=True, language=language, renewal_due=True),
        messages.greeting(is_registered=False, language=language, has_app=True),
        messages.refusal("CONTACT_NOT_REGISTERED", language, has_app=True),
        menu_messages.web_page(url, began, language),
        menu_messages.app_page(url, began.expire_time.ToDatetime(), language),
        menu_messages.consents(consents, 1, language),
        menu_messages.consents([], 1, language),
        *(menu_messages.withdraw(consent, asked, language) for consent in consents),
        menu_messages.unlink(APPLICATION, asked, language),
        menu_messages.unlinked(language, has_app=True),
        menu_messages.delete(asked, language),
        menu_messages.deleted(DeleteResidentResponse(kept=["applications"]), language),
        family_messages.explained(language),
        *(family_messages.by_card(tasks, language) for tasks in SCOPES),
        family_messages.challenge(a_verification(), url, "2027年11月27日", language),
        *(family_messages.offer(tasks, language) for tasks in SCOPES),
        family_messages.offered(offered, "2027年11月27日", language),
        family_messages.listed([], "", 1, language),
    ]


@pytest.mark.parametrize("language", ["ja", "ja-x-easy", "en"])
def test_what_the_menu_says_is_within_line_s_limits_and_no_button_is_cut(language: str) -> None:
    for made in all_said(language):
        assert wrong(made) == []
        said = Said(made)
        assert "…" not in json.dumps([action["label"] for action in said.actions])
        assert "{" not in "".join(action["label"] for action in said.actions)
        assert all(decode(data) is not None for data in said.data)


@pytest.mark.parametrize("language", wording.languages())
def test_words_on_buttons_fit_before_they_are_clipped(language: str) -> None:
    words = {**wording.catalogue("ja")["line"], **wording.catalogue(language).get("line", {})}
    names = [name for name in words if name.startswith(("menu", "family_", "term_", "code_"))]
    longer = {"menu_lead", "menu_ways_out", "family_lead", "family_ways", "code_which"}
    for name in set(names) - longer:
        assert limits.units(words[name]) <= limits.BUTTON_LABEL, name
    for name in ("menu", "page_before", "page_after", "language_ja_x_easy"):
        assert limits.units(words[name]) <= limits.QUICK_REPLY_LABEL, name


@pytest.mark.parametrize("verb", list(Verb))
def test_a_verb_s_data_comes_back_as_it_went_and_fits(verb: Verb) -> None:
    @examples(10)
    @given(st.tuples(*(st.from_regex(shape, fullmatch=True) for shape in ARGUMENTS.get(verb, ()))))
    def comes_back(arguments: tuple[str, ...]) -> None:
        data = encode(Do(verb, arguments))
        assert decode(data) == Do(verb, arguments)
        assert len(data) <= 300
        assert decode(f"{data}:more") != Do(verb, arguments)
        assert decode(data + "\n") is None

    comes_back()
