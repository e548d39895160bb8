"""E-mail over SMTP.

What goes wrong is said in our own words: no server's answer is repeated, which may quote anything.
"""

import smtplib
import ssl
from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from email.utils import formatdate
from mimetypes import guess_type

from flows.common.errors import SocialValueError
from flows.common.settings import Settings

PATIENCE = 30  # seconds for a server to answer
# So that no machine answers what a machine has sent (RFC 3834, and what Exchange reads).
BY_A_MACHINE = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}


class NotSent(SocialValueError):
    """A message did not go out."""


def send_mail(
    settings: Settings,
    to: Sequence[str],
    name: str,
    subject: str,
    text: str,
    enclosed: Mapping[str, bytes] | None = None,
) -> None:
    """Send a message to each address; `name` is its id, `enclosed` the files attached to it.

    Raises NotSent.
    """
    if not settings.smtp_host:
        raise NotSent("No mail server is set: give SOCIAL_VALUE_SMTP_HOST.")
    message = EmailMessage()
    message["Subject"] = subject
    message["Date"] = formatdate()
    message["Message-ID"] = f"<{name}@social-value-warehouse>"
    for header, word in BY_A_MACHINE.items():
        message[header] = word
    message.set_content(text)
    for file_name, content in (enclosed or {}).items():
        main, _, kind = (guess_type(file_name)[0] or "application/octet-stream").partition("/")
        message.add_attachment(content, maintype=main, subtype=kind, filename=file_name)
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
        raise NotSent(
            f"The mail server {where} did not take the message ({type(error).__name__}): check "
            "SOCIAL_VALUE_SMTP_* and SOCIAL_VALUE_EMAIL_*."
        ) from None
    if refused:
        raise NotSent(f"The mail server refused {len(refused)} of {len(to)} addresses.")


def _server(settings: Settings) -> smtplib.SMTP:
    if settings.smtp_security == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(
            settings.smtp_host, settings.smtp_port, timeout=PATIENCE, context=context
        )
    return smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=PATIENCE)
