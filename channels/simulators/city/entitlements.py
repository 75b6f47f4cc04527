"""What the roster says of a household: its head, home, account, and any difference."""

from random import Random

from channels.simulators.city import places, roster
from channels.simulators.city.banks import draw_account
from channels.simulators.city.differences import USUAL_FORMS, Difference
from channels.simulators.city.names import Word, draw_surname
from channels.simulators.city.people import MALE, Household
from channels.simulators.city.places import Home, draw_home

AMOUNT = 70_000
# Among the households whose head has no phone.
SUPPRESSED_SHARE, NO_ACCOUNT_SHARE = 0.01, 0.04


def draw_row(random: Random, household: Household, difference: Difference | None) -> roster.Row:
    """Write a household's row; `difference` is `None` where the head has no phone."""
    head = household.head
    account = draw_account(random, head.kana)
    luck = random.random()
    if difference is None:
        suppressed = luck < SUPPRESSED_SHARE
        has_account = luck < 1 - NO_ACCOUNT_SHARE
    else:
        suppressed = difference is Difference.SUPPRESSED
        has_account = difference is not Difference.NO_ACCOUNT
    surname = _surname(random, head.surname, difference)
    home, address = _address(random, household.home, difference)
    return roster.Row(
        addressee=head.addressee,
        household=household.number,
        name=f"{surname.kanji}　{head.given.kanji}",
        kana=f"{surname.kana}　{head.given.kana}",
        birth_date=roster.era_date(head.birth_date),
        sex="男" if head.sex == MALE else "女",
        postcode=home.town.postcode,
        address=address,
        amount=str(AMOUNT),
        bank=account.bank if has_account else "",
        branch=account.branch if has_account else "",
        account_kind=account.kind if has_account else "",
        account_number=account.number if has_account else "",
        account_holder=account.holder if has_account else "",
        suppressed="1" if suppressed else "",
    )


def _surname(random: Random, surname: Word, difference: Difference | None) -> Word:
    if difference is Difference.NAME_VARIANT:
        return Word(surname.kanji.translate(USUAL_FORMS), surname.kana)
    changed = surname
    while difference is Difference.SURNAME_CHANGED and changed.kana == surname.kana:
        changed = draw_surname(random)
    return changed


def _address(random: Random, home: Home, difference: Difference | None) -> tuple[Home, str]:
    if difference is Difference.ADDRESS_HYPHENS:
        return home, home.hyphenated()
    if difference is Difference.ADDRESS_KOAZA:
        return home, home.registered(random.choice(places.KOAZA))
    before = home
    while difference is Difference.ADDRESS_MOVED and before.town == home.town:
        before = draw_home(random)
    return before, before.registered()
