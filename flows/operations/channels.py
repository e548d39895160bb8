"""How people are told: e-mail over SMTP, and a webhook that Microsoft Teams understands.

What goes wrong is said in our own words: neither an address with its secret nor a server's answer
is repeated.
"""

from collections.abc import Callable

from flows.common.errors import SocialValueError
from flows.common.settings import Settings
from flows.common.smtp import PATIENCE, NotSent, send_mail

Send = Callable[[str, str, str], None]  # a message's id, its subject and its text


class NotTold(SocialValueError):
    """A message did not go out."""

    notice = "people could not be told of something: social-value notify says what."


def channels(settings: Settings) -> dict[str, Send]:
    """The channels that are set, by name; sending by one raises NotTold."""
    found: dict[str, Send] = {}
    if settings.smtp_host and settings.email_to:
        found["e-mail"] = lambda name, subject, text: _email(settings, name, subject, text)
    if settings.webhook.get_secret_value():
        found["webhook"] = lambda name, subject, text: _webhook(settings, name, subject, text)
    return found


def _email(settings: Settings, name: str, subject: str, text: str) -> None:
    to = [one.strip() for one in settings.email_to.split(",") if one.strip()]
    if not to:
        raise NotTold("SOCIAL_VALUE_EMAIL_TO names nobody: give it an address.")
    try:
        send_mail(settings, to, name, subject, text)
    except NotSent as error:
        raise NotTold(str(error)) from None


def _webhook(settings: Settings, name: str, subject: str, text: str) -> None:
    import httpx

    lines = [
        {"type": "TextBlock", "text": line, "wrap": True} for line in text.splitlines() if line
    ]
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [{"type": "TextBlock", "text": subject, "weight": "bolder", "wrap": True}, *lines],
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
    body = {
        "type": "message",
        "id": name,
        "text": f"{subject}\n\n{text}",
        "attachments": [attachment],
    }
    try:
        answer = httpx.post(settings.webhook.get_secret_value(), json=body, timeout=PATIENCE)
        failed = "" if answer.is_success else f"it answered {answer.status_code}"
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        failed = type(error).__name__
    if failed:
        raise NotTold(
            f"The webhook did not take the message ({failed}): check SOCIAL_VALUE_WEBHOOK."
        )
