"""What the simulator keeps. Times are milliseconds since 1970, bodies are JSON."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS people (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    card_id TEXT,
    state TEXT NOT NULL CHECK (state IN ('stranger', 'friend', 'blocked')),
    wrote_at INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

-- A request to send that LINE accepted, once, however many it went to.
CREATE TABLE IF NOT EXISTS sends (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    request_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    retry_key TEXT,
    at INTEGER NOT NULL,
    messages TEXT NOT NULL
);

-- A person's chat: what the account sent (send_seq) and what the person did (content). What went to
-- many at once is one row of the person '', in all their chats.
CREATE TABLE IF NOT EXISTS chat (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    person_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    shown INTEGER NOT NULL,
    send_seq INTEGER REFERENCES sends,
    content TEXT
);
CREATE INDEX IF NOT EXISTS chat_of_person ON chat (person_id, seq);

-- Whom such a row went to, each id between two line feeds: a tenth of what a row each would take.
CREATE TABLE IF NOT EXISTS recipients (
    chat_seq INTEGER PRIMARY KEY,
    reached TEXT NOT NULL,
    reached_count INTEGER NOT NULL,
    unreached TEXT NOT NULL,
    unreached_count INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS retry_keys (
    key TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    request_id TEXT NOT NULL,
    sent TEXT
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS reply_tokens (
    token TEXT PRIMARY KEY,
    person_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    issued_at INTEGER NOT NULL,
    good_until INTEGER NOT NULL,
    used_at INTEGER
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS reply_token_of_event ON reply_tokens (event_id);

CREATE TABLE IF NOT EXISTS events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    person_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    event TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    delivered_at INTEGER,
    given_up_at INTEGER
);
CREATE INDEX IF NOT EXISTS pending_events ON events (seq)
    WHERE delivered_at IS NULL AND given_up_at IS NULL;

CREATE TABLE IF NOT EXISTS attempts (
    event_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    is_redelivery INTEGER NOT NULL,
    status INTEGER NOT NULL,
    reason TEXT NOT NULL
);

-- What was answered to a phone's action, so that a repeat gets the same answer and does nothing.
CREATE TABLE IF NOT EXISTS actions (
    person_id TEXT NOT NULL,
    action_id TEXT NOT NULL,
    answer TEXT NOT NULL,
    PRIMARY KEY (person_id, action_id)
) WITHOUT ROWID;

-- What a person agreed to, at LINE Login: scopes, apart by spaces.
CREATE TABLE IF NOT EXISTS login_consents (
    person_id TEXT NOT NULL,
    channel_id TEXT NOT NULL,
    scope TEXT NOT NULL,
    PRIMARY KEY (person_id, channel_id)
) WITHOUT ROWID;

-- `asked` is the authorization request that a code answers.
CREATE TABLE IF NOT EXISTS login_codes (
    code TEXT PRIMARY KEY,
    person_id TEXT NOT NULL,
    asked TEXT NOT NULL,
    issued_at INTEGER NOT NULL,
    used_at INTEGER
) WITHOUT ROWID;

-- The one key that signs by ES256, as a JWK.
CREATE TABLE IF NOT EXISTS login_key (
    jwk TEXT NOT NULL
);

-- The bytes of what people sent.
CREATE TABLE IF NOT EXISTS contents (
    message_id TEXT PRIMARY KEY,
    media_type TEXT NOT NULL,
    body BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS rich_menus (
    id TEXT PRIMARY KEY,
    menu TEXT NOT NULL,
    media_type TEXT,
    picture BLOB
);

-- Which menu a person sees; that of the person '' is everybody's who has no other.
CREATE TABLE IF NOT EXISTS rich_menu_links (
    person_id TEXT PRIMARY KEY,
    menu_id TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS used_quota (
    month TEXT PRIMARY KEY,
    messages INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS channel (
    webhook_url TEXT NOT NULL
);
"""
