"""What can go wrong with the authentication app, so that clients can be tried against it."""

NAMES = {
    "wrong_state": "the browser comes back with another state",
    "token_error": "the token endpoint answers 500",
    "slow": "the token endpoint's answer is held back",
    "wrong_nonce": "the ID token has another nonce",
    "wrong_audience": "the ID token is for another client",
    "wrong_issuer": "the ID token is from another issuer",
    "expired_token": "the ID token ended an hour ago",
    "unsigned_token": "the ID token has alg none and no signature",
    "foreign_signature": "the ID token is signed by a key that is not published",
    "wrong_at_hash": "the ID token belongs to another access token",
    "userinfo_error": "the userinfo endpoint answers 500",
    "userinfo_of_another": "the userinfo endpoint answers with another person's sub",
}
