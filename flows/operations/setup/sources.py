"""The doctor's look at where files are fetched from."""

from collections.abc import Iterator

from flows.authority.binding import NoAuthority, NotMigrated
from flows.common.declarations import DeclarationError
from flows.common.settings import Settings
from flows.operations.setup.found import Found
from flows.post.look import look_at_sources


def sources(settings: Settings) -> Iterator[Found]:
    """Whether each source that the authority declares can be reached, and how much lies there."""
    try:
        for source, files, fault in look_at_sources(settings):
            if fault:
                yield Found("wrong", fault, "Mend what is named, then run social-value collect.")
            else:
                yield Found("fine", f"{source}: {files} files lie there")
    except (NoAuthority, NotMigrated):
        return  # which `declarations` tells
    except DeclarationError as error:
        yield Found("wrong", str(error), "Correct the file in the line named.")
