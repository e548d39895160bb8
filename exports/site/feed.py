"""The releases for other machines: an Atom feed of them, and a map of their pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

from flows.authority.declaration import Authority

FEED, SITEMAP = "feed.xml", "sitemap.xml"


@dataclass(frozen=True)
class Entry:
    """A release in the feed: `path` is that of its front page below the address of the site."""

    path: str
    title: str
    summary: str
    as_of: datetime


def feed_text(publisher: Authority, entries: Sequence[Entry]) -> str:
    """The feed, the newest first; equal releases give equal text."""
    base = publisher.site_url.rstrip("/")
    newest = sorted(entries, key=lambda one: (one.as_of, one.path), reverse=True)
    updated = _moment(newest[0].as_of) if newest else "1970-01-01T00:00:00Z"
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-GB">',
        f"<title>Social value: {escape(publisher.name)}</title>",
        f"<id>{escape(base)}/</id>",
        f'<link rel="self" href={quoteattr(f"{base}/{FEED}")}/>',
        f"<link href={quoteattr(f'{base}/index.html')}/>",
        f"<updated>{updated}</updated>",
        f"<author><name>{escape(publisher.name)}</name>"
        f"<email>{escape(publisher.contact.email)}</email></author>",
        f"<rights>{escape(publisher.licence.name)}</rights>",
    ]
    for one in newest:
        address = f"{base}/{one.path}"
        lines += [
            "<entry>",
            f"<title>{escape(one.title)}</title>",
            f"<id>{escape(address)}</id>",
            f"<link href={quoteattr(address)}/>",
            f"<updated>{_moment(one.as_of)}</updated>",
            f"<summary>{escape(one.summary)}</summary>",
            "</entry>",
        ]
    return "\n".join([*lines, "</feed>", ""])


def sitemap_text(publisher: Authority, paths: Sequence[str]) -> str:
    """Every page by its address, sorted."""
    base = publisher.site_url.rstrip("/")
    pages = [f"<url><loc>{escape(f'{base}/{path}')}</loc></url>" for path in sorted(paths)]
    head = '<?xml version="1.0" encoding="utf-8"?>'
    opening = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    return "\n".join([head, opening, *pages, "</urlset>", ""])


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
