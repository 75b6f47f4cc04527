"""What one simulated LINE channel is: its keys, its limits, and how patient it is."""

from dataclasses import dataclass, field
from pathlib import Path

from channels.simulators.faults import Fault


@dataclass(frozen=True, slots=True)
class Rate:
    """How many requests an endpoint takes in a window of `seconds`."""

    requests: int
    seconds: int = 1


# LINE counts by method and path template; what is not named here has 2,000 a second
# (Messaging API reference, "Rate limits").
DEFAULT_RATE = Rate(2_000)
RATES: dict[str, Rate] = {
    "*": DEFAULT_RATE,
    "POST /v2/bot/message/multicast": Rate(200),
    "POST /v2/bot/chat/loading/start": Rate(100),
    "POST /v2/bot/richmenu": Rate(100, 3_600),
    "DELETE /v2/bot/richmenu/{richMenuId}": Rate(100, 3_600),
    "POST /v2/bot/richmenu/batch": Rate(3, 3_600),
    "GET /v2/bot/richmenu/list": Rate(10),
    "GET /v2/bot/channel/webhook/endpoint": Rate(1_000, 60),
    "PUT /v2/bot/channel/webhook/endpoint": Rate(1_000, 60),
    "POST /v2/bot/channel/webhook/test": Rate(60, 3_600),
}


@dataclass(frozen=True, slots=True)
class LoginChannel:
    """The LINE Login channel; of the account's own provider, so that user ids are the same.

    Without `callback_urls` every address of this machine may be called back. LINE signs the ID
    tokens of web apps with the channel secret, those of LIFF apps always by ES256; `uses_es256`
    is for both. LINE's page has its error codes in capitals, older ones and OAuth do not.
    """

    id: str
    secret: str
    callback_urls: tuple[str, ...] = ()
    uses_es256: bool = False
    has_error_codes_in_capitals: bool = True
    code_life: float = 600
    id_token_life: float = 3_600


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set; the defaults are LINE's own where LINE tells them.

    Times are in seconds. `rates` without an entry for an endpoint nor `*` leaves it unlimited.
    """

    state: Path
    channel_id: str
    channel_secret: str
    channel_access_token: str
    webhook_url: str = ""
    # `None`: nobody can sign in with LINE.
    login: LoginChannel | None = None
    account_name: str = "とどけ市"
    bot_user_id: str = "U" + "0123456789abcdef" * 2
    quota: int | None = None
    rates: dict[str, Rate] = field(default_factory=lambda: dict(RATES))
    # LINE's page says both; see "Send multicast message", conditions against error table.
    multicast_refuses_unknown: bool = False
    retry_key_memory: float = 24 * 3_600
    reply_token_life: float = 60
    reply_token_last: float = 20 * 60
    webhook_timeout: float = 2
    # The most events in one webhook body.
    webhook_events: int = 1
    redelivery: bool = True
    redelivery_first: float = 0.5
    redelivery_longest: float = 10
    redelivery_gives_up: float = 24 * 3_600
    seed: int = 0
    faults: dict[str, Fault] = field(default_factory=dict)

    @staticmethod
    def rates_of_line() -> dict[str, Rate]:
        return dict(RATES)
