"""How people are told: e-mail over SMTP, and a webhook that Microsoft Teams understands.

What goes wrong is said in our own words: neither an address with its secret nor a server's answer
is repeated.
"""

import smtplib
import ssl
from collections.abc import Callable
from email.message import EmailMessage
from email.utils import formatdate

from flows.common.errors import SocialValueError
from flows.common.settings import Settings

PATIENCE = 30  # seconds for a server to answer
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
    message = EmailMessage()
    message["Subject"] = subject
    message["Date"] = formatdate()
    message["Message-ID"] = f"<{name}@social-value-warehouse>"
    message.set_content(text)
    try:
        message["From"] = settings.email_from or to[0]
        message["To"] = ", ".join(to)
        with _server(settings) as server:
            if settings.smtp_security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if settings.smtp_user:
                server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
            refused = server.send_message(message)
    # ValueError: a letter that mail cannot carry, in an address or in the password.
    except (OSError, smtplib.SMTPException, ValueError) as error:
        where = f"{settings.smtp_host}:{settings.smtp_port}"
        raise NotTold(
            f"The mail server {where} did not take the message ({type(error).__name__}): check "
            "SOCIAL_VALUE_SMTP_* and SOCIAL_VALUE_EMAIL_*."
        ) from None
    if refused:
        raise NotTold(f"The mail server refused {len(refused)} of {len(to)} addresses.")


def _server(settings: Settings) -> smtplib.SMTP:
    if settings.smtp_security == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(
            settings.smtp_host, settings.smtp_port, timeout=PATIENCE, context=context
        )
    return smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=PATIENCE)


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
