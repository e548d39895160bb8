"""Lists for audit, as self-contained pages: long lists go on, on pages of their own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil

from exports.files.listing import AuditFolder, AuditList
from exports.site.pages import environment_for
from flows.common.files import slug

# A page is at most ten screens long, where a cell wraps after so many letters.
LINES_OF_A_PAGE = 80
LINES_OF_A_LIST = 20  # of one that stands on the page with the others
LETTERS_OF_A_LINE = 36


@dataclass(frozen=True)
class Part:
    """A list as a page shows it: its rows or the first of them, and where the others stand."""

    listing: AuditList
    whole: int
    pages: Sequence[tuple[str, str]] = ()  # path and name of each


def folder_pages(
    folder: AuditFolder, name: str, elsewhere: Sequence[tuple[str, str]] = ()
) -> dict[str, str]:
    """The lists as pages by file name, without any outside request: `name`, and what goes on.

    `elsewhere` are links, path and name. A list that is too long for the page stands there with
    its first rows, and whole on pages of its own.
    """
    template = environment_for().get_template("lists.html")
    parts, further = [], {}
    for one in folder.listings:
        if sum(map(_lines, one.texts)) <= LINES_OF_A_LIST:
            parts.append(Part(one, len(one.rows)))
            continue
        stem = f"{name.removesuffix('.html')}-{slug(one.name)}"
        cut = list(_cut(one, LINES_OF_A_PAGE))
        pages = [(f"{stem}-{n}.html", _span(part)) for n, part in enumerate(cut, start=1)]
        parts.append(Part(next(_cut(one, LINES_OF_A_LIST)), len(one.rows), pages))
        for part, (path, span) in zip(cut, pages, strict=True):
            title = f"{folder.title}: {one.title.lower()}, {span}"
            about = replace(folder, title=title, lines=[], verdict=None)
            further[path] = template.render(
                folder=about,
                parts=[Part(part, len(one.rows), pages)],
                here=path,
                elsewhere=[(name, "Back")],
            )
    first = template.render(folder=folder, parts=parts, here=name, elsewhere=elsewhere)
    return {name: first, **further}


def _cut(one: AuditList, lines: int) -> Iterator[AuditList]:
    """The list in parts of at most so many lines; a part has a row at least."""
    start, taken = 0, 0
    for at, texts in enumerate(one.texts):
        needed = _lines(texts)
        if at > start and taken + needed > lines:
            yield replace(one, rows=one.rows[start:at])
            start, taken = at, 0
        taken += needed
    yield replace(one, rows=one.rows[start:])


def _lines(texts: Sequence[str]) -> int:
    return max(ceil(len(text) / LETTERS_OF_A_LINE) for text in texts)


def _span(part: AuditList) -> str:
    """What a part is called: from its first row to its last."""
    return f"{_name(part.texts[0])} to {_name(part.texts[-1])}"


def _name(texts: Sequence[str]) -> str:
    return " ".join(dict.fromkeys(texts[:3]))
