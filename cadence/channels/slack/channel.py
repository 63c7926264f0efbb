"""Slack as a channel: posts a rendered message to a person, rewrites it, and finds it again by its delivery's key.

Nothing is ever tried twice here: the ledger is the only retrier.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, MutableMapping

from slack_sdk.web import SlackResponse

from cadence.channels import InTime, Page, Rendered
from cadence.channels.pace import Pace
from cadence.channels.reading import read, text_of
from cadence.channels.slack.blocks import EVENT_TYPE, arguments, fit, in_plain_words, page_arguments
from cadence.channels.slack.client import Client, only
from cadence.channels.slack.faults import UNFIT, Failure, failure
from cadence.core.messages import Message
from cadence.core.model import Delivery, Outcome, Permanent, Person, Sent, Temporary, Unknown
from cadence.templating import Words

PAGES, PAGE = 5, 200
"""How far back a message is looked for: far more than one person gets in the life of a delivery."""
WHISPER = 1000
A_SECOND = 1.0
"""Slack takes one message a second in a conversation, and now and then a few more."""


class SlackChannel:
    """Direct messages by a bot's token. `user_ids` remembers whose e-mail is which Slack user, across sends; `pause`
    are the seconds between two messages in one conversation."""

    name = "slack"
    can_ask = True
    can_edit = True

    def __init__(
        self,
        token: str,
        *,
        base_url: str = "https://slack.com/api/",
        timeout: int = 10,
        user_ids: MutableMapping[str, str] | None = None,
        at_once: int = 50,
        pause: float = A_SECOND,
    ) -> None:
        self.at_once = at_once
        self._client = Client(token, base_url, timeout)
        self._user_ids: MutableMapping[str, str] = {} if user_ids is None else user_ids
        self._conversations: dict[str, str] = {}
        self._pace = Pace(pause)

    def reaches(self, person: Person) -> bool:
        """Whoever is outside gets mail only: they are not in the workspace."""
        return bool(person.email) and not person.external

    def render(self, message: Message, words: Words) -> Rendered:
        reading = read(message, words.say)
        payload = json.dumps(arguments(message, words.say, reading), ensure_ascii=False)
        return Rendered(reading.subject, text_of(reading, words), payload)

    def render_page(self, page: Page) -> Rendered:
        payload = json.dumps(page_arguments(page.key, page.subject, page.text), ensure_ascii=False)
        return Rendered(page.subject, page.text, payload)

    def send(self, delivery: Delivery, person: Person, in_time: InTime) -> Outcome:
        body = json.loads(delivery.payload or "{}")
        say = self._rewrite if delivery.edits is not None else self._post
        with only(in_time):
            outcome = say(delivery, person, body)
            if isinstance(outcome, Permanent) and (why := outcome.error.removeprefix("slack: ")) in UNFIT:
                outcome = say(delivery, person, in_plain_words(body, delivery.text or ""))
                return Sent({**outcome.receipt, "plain": why}) if isinstance(outcome, Sent) else outcome
            return outcome

    def find(self, delivery: Delivery, person: Person) -> Sent | Unknown | None:
        conversation = delivery.receipt.get("channel") or self._conversation(person)
        if not isinstance(conversation, str):
            return Unknown(conversation.error)
        cursor = ""
        for _ in range(PAGES):
            page = self._page(conversation, cursor)
            if not isinstance(page, SlackResponse):
                return Unknown(page.error)
            for posted in page.get("messages") or ():
                if _key(posted) == delivery.key:
                    return Sent({"channel": conversation, "ts": str(posted.get("ts"))})
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                break
        return None

    def email_of(self, user_id: str) -> str | None:
        """Whose Slack user this is, by e-mail address; None when Slack does not know, or does not answer."""
        known = next((email for email, user in self._user_ids.items() if user == user_id), None)
        if known:
            return known
        answer = self._call("users.info", params={"user": user_id})
        user = (answer.get("user") or {}) if isinstance(answer, SlackResponse) else {}
        email = (user.get("profile") or {}).get("email")
        if not isinstance(email, str) or not email or user.get("deleted"):
            return None
        self._user_ids[email] = user_id
        return email

    def whisper(self, conversation: str, user_id: str, text: str) -> None:
        """A line that only this user sees, below what they pressed. It is no message: when it is lost, it is lost."""
        self._call("chat.postEphemeral", body={"channel": conversation, "user": user_id, "text": fit(text, WHISPER)})

    def _post(self, delivery: Delivery, person: Person, body: Mapping[str, object]) -> Outcome:
        conversation = self._conversation(person)
        if not isinstance(conversation, str):
            return conversation
        self._pace.wait(conversation)
        answer = self._call("chat.postMessage", body={"channel": conversation, **body}, repeatable=False)
        if isinstance(answer, Permanent):
            self._forget(person)
        return _receipt(answer) if isinstance(answer, SlackResponse) else answer

    def _rewrite(self, delivery: Delivery, person: Person, body: Mapping[str, object]) -> Outcome:
        """Says the same thing in the same place however often it is done, so its outcome is never unknown."""
        place = {"channel": delivery.receipt.get("channel", ""), "ts": delivery.receipt.get("ts", "")}
        self._pace.wait(place["channel"])
        shown = {name: value for name, value in body.items() if not name.startswith("unfurl")}
        answer = self._call("chat.update", body={**place, **shown})
        return Sent(place) if isinstance(answer, SlackResponse) else answer

    def _conversation(self, person: Person) -> str | Failure:
        """The direct conversation with the person. Forgets who it was when Slack no longer knows the user."""
        user = self._user(person)
        if not isinstance(user, str):
            return user
        if user in self._conversations:
            return self._conversations[user]
        answer = self._call("conversations.open", body={"users": user})
        if isinstance(answer, SlackResponse):
            opened = (answer.get("channel") or {}).get("id")
            if not isinstance(opened, str):
                return Temporary("slack: conversation without an id")
            self._conversations[user] = opened
            return opened
        if isinstance(answer, Permanent):
            self._forget(person)
        return answer

    def _forget(self, person: Person) -> None:
        self._conversations.pop(self._user_ids.pop(person.email or "", ""), None)

    def _user(self, person: Person) -> str | Failure:
        email = person.email
        if not email:
            return Permanent("slack: no e-mail address to look up")
        if email in self._user_ids:
            return self._user_ids[email]
        answer = self._call("users.lookupByEmail", params={"email": email})
        if not isinstance(answer, SlackResponse):
            return answer
        user = answer.get("user") or {}
        if user.get("deleted"):
            return Permanent("slack: user_disabled")
        if not isinstance(user.get("id"), str):
            return Temporary("slack: user without an id")
        self._user_ids[email] = user["id"]
        return self._user_ids[email]

    def _page(self, conversation: str, cursor: str) -> SlackResponse | Failure:
        asked = {"channel": conversation, "limit": PAGE, "include_all_metadata": True}
        return self._call("conversations.history", params=asked | ({"cursor": cursor} if cursor else {}))

    def _call(
        self,
        method: str,
        *,
        body: dict[str, object] | None = None,
        params: dict[str, object] | None = None,
        repeatable: bool = True,
    ) -> SlackResponse | Failure:
        """Writing methods take JSON, reading ones only a form. `repeatable`: doing it again would do no harm."""
        try:
            return self._client.api_call(method, json=body, params=params)
        except Exception as error:  # a lying peer trips the SDK in any way; one message must not stop the others
            return failure(error, repeatable=repeatable)


def _receipt(answer: SlackResponse) -> Outcome:
    channel, ts = answer.get("channel"), answer.get("ts")
    if isinstance(channel, str) and isinstance(ts, str):
        return Sent({"channel": channel, "ts": ts})
    return Unknown("slack: taken without a receipt")


def _key(posted: Mapping[str, object]) -> object:
    """The delivery's key in a message's metadata, None in what is not ours."""
    metadata = posted.get("metadata")
    if not isinstance(metadata, dict) or metadata.get("event_type") != EVENT_TYPE:
        return None
    payload = metadata.get("event_payload")
    return payload.get("key") if isinstance(payload, dict) else None
