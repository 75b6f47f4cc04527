"""The people of the fake core's city: residents, those at the counter, and who acts for whom."""

import uuid
from datetime import UTC, datetime

from todoke.v1.proxies_pb2 import PROXY_SCOPE_READ, Proxy
from todoke.v1.registration_pb2 import REGISTRATION_STATE_PROPOSED, Registration
from todoke.v1.residents_pb2 import (
    ASSURANCE_JPKI_SIGNATURE,
    CONTACT_STATE_REACHABLE,
    IDENTITY_DOCUMENT_DRIVING_LICENCE,
    REVOCATION_NOT_REVOKED,
    SEX_FEMALE,
    BasicFour,
    FactPeriod,
    Resident,
)

REGISTERED = datetime(2026, 4, 6, 1, 0, tzinfo=UTC)
SEEN = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)


class Folk:
    """Residents, registrations at the counter, proxies and periods of facts."""

    def __init__(self) -> None:
        self.people: dict[str, Resident] = {}
        self.registrations: dict[str, Registration] = {}
        self.proxies: dict[str, Proxy] = {}
        self.periods: list[FactPeriod] = []
        self.who = "hanako"

    def add_resident(self, name: str = "佐々木 花子", **facts: object) -> Resident:
        resident = Resident(
            resident_id=str(uuid.uuid4()),
            basic_four=a_four(name),
            assurance=ASSURANCE_JPKI_SIGNATURE,
            revocation=REVOCATION_NOT_REVOKED,
            language="ja",
            etag="r1",
        )
        resident.verify_time.FromDatetime(REGISTERED)
        resident.create_time.FromDatetime(REGISTERED)
        for name_of_fact, value in facts.items():
            setattr(resident, name_of_fact, value)
        self.people[resident.resident_id] = resident
        return resident

    def add_contact(self, resident: Resident, channel: str = "line"):
        contact = resident.contacts.add(
            contact_id=str(uuid.uuid4()),
            channel=channel,
            external_id="U4af4980629",
            state=CONTACT_STATE_REACHABLE,
            registered=True,
        )
        contact.seen_time.FromDatetime(SEEN)
        return contact

    def add_proxy(self, resident: Resident, proxy: Resident) -> Proxy:
        agreed = Proxy(
            proxy_id=str(uuid.uuid4()),
            resident_id=resident.resident_id,
            resident_name=resident.basic_four.name,
            proxy_resident_id=proxy.resident_id,
            proxy_name=proxy.basic_four.name,
            scopes=[PROXY_SCOPE_READ],
            expire_date="2027-03-31",
        )
        agreed.create_time.FromDatetime(REGISTERED)
        self.proxies[agreed.proxy_id] = agreed
        return agreed

    def add_registration(
        self, name: str = "工藤 太郎", *, proposer: str = "hanako"
    ) -> Registration:
        registration = Registration(
            registration_id=str(uuid.uuid4()),
            basic_four=a_four(name),
            document=IDENTITY_DOCUMENT_DRIVING_LICENCE,
            state=REGISTRATION_STATE_PROPOSED,
            proposer=proposer,
            consent_version=3,
            etag="c1",
        )
        registration.create_time.FromDatetime(SEEN)
        self.registrations[registration.registration_id] = registration
        return registration

    def add_period(self, name: str, address: str, **facts: object) -> FactPeriod:
        """Add a period before those that are there."""
        period = FactPeriod(basic_four=a_four(name), assurance=ASSURANCE_JPKI_SIGNATURE, **facts)
        period.basic_four.address = address
        period.begin_time.FromDatetime(REGISTERED.replace(year=2026 - len(self.periods)))
        if self.periods:
            period.end_time.CopyFrom(self.periods[-1].begin_time)
        self.periods.append(period)
        return period


def a_four(name: str) -> BasicFour:
    return BasicFour(
        name=name.replace(" ", "\u3000"),
        birth_date="1950-04-12",
        sex=SEX_FEMALE,
        address="青森県弘前市大字上白銀町1番地1",
    )
