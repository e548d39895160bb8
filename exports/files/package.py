"""A release as one thing to take away: a Frictionless data package, and a zip of its files."""

import io
import json
import zipfile
from collections.abc import Mapping, Sequence

from exports.definitions.table import MEANINGS, ColumnDefinition, TableDefinition
from exports.edition.facts import Edition
from exports.figures.selection import Selection
from exports.files.frontmatter import table_title
from flows.common.files import add_to_zip

_TYPES: dict[str, dict[str, object]] = {
    "text": {"type": "string"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "date": {"type": "date", "format": "%Y-%m-%d"},
    "moment": {"type": "datetime", "format": "%Y-%m-%dT%H:%M:%S"},
    "boolean": {"type": "boolean", "trueValues": ["yes"], "falseValues": ["no"]},
}


def datapackage_text(edition: Edition, selections: Sequence[Selection]) -> str:
    """`datapackage.json`: every CSV with its columns, as Frictionless describes them."""
    facts = edition.facts
    described: dict[str, object] = {
        "profile": "tabular-data-package",
        "name": f"social-value-{facts.publication}-{facts.period.slug}".lower(),
        "title": edition.title,
        "version": str(edition.revision),
        "created": facts.as_of.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "resources": [_resource(edition, one.table) for one in selections],
    }
    if publisher := facts.publisher:
        described["licenses"] = [{"title": publisher.licence.name, "path": publisher.licence.url}]
        described["contributors"] = [{"title": publisher.name, "role": "publisher"}]
    return json.dumps(described, indent=2, ensure_ascii=False) + "\n"


def zip_of(files: Mapping[str, bytes]) -> bytes:
    """The files by their paths as a zip; equal files give equal bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path, content in sorted(files.items()):
            add_to_zip(archive, path, content)
    return out.getvalue()


def _resource(edition: Edition, table: TableDefinition) -> dict[str, object]:
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": f"tables/{table.name}.csv",
        "title": table_title(edition, table),
        "description": table.about,
        "encoding": "utf-8",
        "schema": {
            "fields": [_field(column) for column in table.columns],
            "primaryKey": table.key,
            "missingValues": list(MEANINGS),
        },
    }


def _field(column: ColumnDefinition) -> dict[str, object]:
    return {
        "name": column.name,
        "title": column.header,
        "description": column.meaning,
        **_TYPES[column.type],
    }
