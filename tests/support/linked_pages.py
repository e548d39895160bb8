"""Pages as a reader without a browser sees them: what they link to, and what stands in them."""

from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path

OUTWARD = ("mailto:", "https://")  # a contact and a licence: followed by people alone


class Page(HTMLParser):
    """What a page links to, what can be linked to in it, and what it loads."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.text = path.read_text("utf-8")
        self.links: list[str] = []
        self.ids: list[str] = []
        self.tags: set[str] = set()
        self.loads: list[str] = []
        self.feed(self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        self.tags.add(tag)
        if "id" in told:
            self.ids.append(told["id"])
        if tag == "a":
            self.links.append(told["href"])
        self.loads += [told[name] for name in ("src", "srcset", "poster", "data") if name in told]
        if tag == "link":
            self.loads.append(told["href"])


def dead_links(paths: Iterable[Path]) -> Iterator[str]:
    """Each link of the pages that leads to no file, or to no place of a page that is there."""
    pages = {path: Page(path) for path in paths}
    for path, one in pages.items():
        for link in one.links:
            if link.startswith(OUTWARD):
                continue
            target, _, place = link.partition("#")
            there = (path.parent / target).resolve() if target else path
            if not there.is_file() or (place and place not in pages[there].ids):
                yield f"{path}: {link}"
