"""The doctor's look at where files are fetched from, and by what answers go."""

from collections.abc import Iterator

from flows.authority.binding import NoAuthority, NotMigrated
from flows.common.declarations import DeclarationError
from flows.common.settings import Settings
from flows.operations.setup.found import Found
from flows.post.look import look_at_sources
from flows.post.sources import read_sources


def sources(settings: Settings) -> Iterator[Found]:
    """Whether each source that the authority declares can be reached, and how much lies there."""
    try:
        for source, files, fault in look_at_sources(settings):
            if fault:
                yield Found("wrong", fault, "Mend what is named, then run social-value collect.")
            else:
                yield Found(
                    "fine", f"{source}: {files} {'file lies' if files == 1 else 'files lie'} there"
                )
        yield from _answers(settings)
    except (NoAuthority, NotMigrated):
        return  # which `declarations` tells
    except DeclarationError as error:
        yield Found("wrong", str(error), "Correct the file in the line named.")


def _answers(settings: Settings) -> Iterator[Found]:
    """Senders whose answers would go by mail, where mail cannot go."""
    declared = read_sources(settings)
    ways = [(one, declared.way_back(one)) for one in declared.senders]
    mailed = [one for one, way in ways if way is not None and way.kind == "imap"]
    if mailed and not (settings.smtp_host and settings.email_from):
        names = ", ".join(one.id for one in mailed)
        mend = "Set SOCIAL_VALUE_SMTP_HOST and SOCIAL_VALUE_EMAIL_FROM."
        yield Found(
            "wrong", f"answers to {names} go by mail, and no mail server or address is set", mend
        )
