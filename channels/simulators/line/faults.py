"""What can go wrong with LINE, and when.

The first seven concern requests that send messages, the first and those of 500, lost and slow
answers also LINE Login's.
"""

NAMES = {
    "too_many_requests": "429 before anything is accepted",
    "too_many_to_one": "429 before anything is accepted: too much to one person",
    "monthly_limit": "429 before anything is accepted: the allowance seems used up for a while",
    "error_before_accept": "500, and nothing was accepted",
    "error_after_accept": "500, though the message was accepted",
    "lost_reply": "accepted, then the connection is cut without an answer",
    "slow": "accepted, then the answer is held back",
    "duplicate_webhook": "an event is delivered twice though the first was taken",
    "reorder_webhooks": "an event is held back while later ones go ahead",
    "content_not_ready": "202: what somebody sent is still being prepared",
    "id_token_expired": "an ID token is issued whose time is over",
    "id_token_wrong_issuer": "an ID token names another issuer",
    "id_token_wrong_audience": "an ID token is for another channel, though signed for this one",
    "id_token_wrong_nonce": "an ID token has a nonce that nobody asked for",
    "id_token_of_other_channel": "an ID token is for another channel, and signed for that",
    "id_token_wrong_signature": "an ID token is signed by a stranger",
}
