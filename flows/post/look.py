"""What lies at the sources, without fetching any of it."""

from collections.abc import Iterator

from flows.common.settings import Settings
from flows.post.brought import is_temporary
from flows.post.credentials import NoCredential
from flows.post.road import Item, NotReached, opened
from flows.post.sources import Source, read_sources


def look(source: Source, settings: Settings) -> list[Item] | Exception:
    """The files that lie there, or why the source cannot be reached."""
    try:
        with opened(source, settings) as road:
            return [one for one in road.items() if not is_temporary(one.path)]
    except (NotReached, NoCredential) as error:
        return error


def look_at_sources(settings: Settings) -> Iterator[tuple[str, int, str]]:
    """Each source, how many files lie there, and what is wrong. Raises DeclarationError."""
    for source in read_sources(settings).sources:
        found = look(source, settings)
        if isinstance(found, Exception):
            yield source.id, 0, str(found)
        else:
            yield source.id, len(found), ""
