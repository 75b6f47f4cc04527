"""LINE's own SDK finds in the simulator what it expects of LINE."""

import uuid
import warnings

import pytest

from tests.channels.simulators.line.simulator import (
    HANAKO,
    SECRET,
    TARO,
    TOKEN,
    receiving,
    simulating,
)


async def test_the_sdk_sends_repeats_and_replies(tmp_path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # The SDK's, about pydantic's version 1.
        # Loaded here: it takes seconds, and each worker loads every module.
        from linebot.v3 import messaging
        from linebot.v3.webhook import WebhookParser
        from linebot.v3.webhooks import MessageEvent

    text = messaging.TextMessage
    async with receiving() as receiver, simulating(tmp_path, webhook_url=receiver.url) as line:
        async with messaging.AsyncApiClient(
            messaging.Configuration(host=line.url, access_token=TOKEN)
        ) as client:
            api = messaging.AsyncMessagingApi(client)
            key = str(uuid.uuid4())
            push = messaging.PushMessageRequest(to=HANAKO, messages=[text(text="お知らせ")])
            sent = await api.push_message_with_http_info(push, x_line_retry_key=key)
            with pytest.raises(messaging.ApiException) as repeated:
                await api.push_message(push, x_line_retry_key=key)
            await api.multicast(
                messaging.MulticastRequest(to=[HANAKO, TARO], messages=[text(text="みなさまへ")])
            )

            await line.do(HANAKO, "say", text="届きました")
            _, body, signed = await receiver.taken.get()
            [event] = WebhookParser(SECRET).parse(body.decode(), signed)
            assert isinstance(event, MessageEvent)
            await api.reply_message(
                messaging.ReplyMessageRequest(
                    reply_token=event.reply_token, messages=[text(text="ようこそ")]
                )
            )
            profile = await api.get_profile(HANAKO)
            quota = await api.get_message_quota()

        assert repeated.value.status == 409
        accepted = repeated.value.headers["x-line-accepted-request-id"]
        assert accepted == sent.headers["x-line-request-id"]
        assert profile.display_name == "市民a"
        assert quota.type == "none"
        said = [entry["message"]["text"] for entry in await line.chat(HANAKO)]
        assert said == ["お知らせ", "みなさまへ", "届きました", "ようこそ"]
