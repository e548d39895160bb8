"""Open contracting data as its publishers would write it, in small."""

import json
from typing import Any

Node = dict[str, Any]
OFFICER = {"name": "Jo Bloggs", "email": "jo.bloggs@example.org", "telephone": "0151 496 0000"}


def party(name: str, scale: str | None = None, vcse: bool | None = None, **more: Any) -> Node:
    """A supplier as a release lists it among its parties."""
    details = {"scale": scale, "vcse": vcse}
    return {
        "id": f"GB-CFS-{name}",
        "name": name,
        "roles": ["supplier"],
        "details": {key: value for key, value in details.items() if value is not None},
        "contactPoint": OFFICER,
        **more,
    }


def award(*suppliers: Node, amount: object = 1000, number: int = 1, **more: Any) -> Node:
    """An award to these parties."""
    return {
        "id": f"award-{number}",
        "status": "active",
        "date": "2022-04-20T00:00:00Z",
        "value": {"amount": amount, "currency": "GBP"},
        "suppliers": [{"id": one["id"], "name": one["name"]} for one in suppliers],
        "contractPeriod": {
            "startDate": "2022-05-01T00:00:00Z",
            "endDate": "2023-04-30T23:59:59+01:00",
        },
        **more,
    }


def release(*awards: Node, parties: list[Node] | None = None, **more: Any) -> Node:
    """A release of these awards; the tender suits small firms, whoever won it."""
    return {
        "ocid": "ocds-b5fd17-1",
        "id": "notice-1",
        "date": "2022-04-25T12:00:00Z",
        "tag": ["award"] if awards else ["tender"],
        "tender": {
            "id": "LCR-2022-014",
            "title": "Ferry terminal cleaning",
            "value": {"amount": 999999, "currency": "GBP"},
            "suitability": {"sme": True, "vcse": True},
            "classification": {"scheme": "CPV", "id": "90910000"},
            "procurementMethodDetails": "Open procedure",
        },
        "parties": [
            {"id": "GB-CFS-1", "name": "LCRCA", "roles": ["buyer"], "contactPoint": OFFICER},
            *(parties or []),
        ],
        "buyer": {"id": "GB-CFS-1", "name": "LCRCA"},
        **({"awards": list(awards)} if awards else {}),
        **more,
    }


def packed(*releases: Node) -> str:
    """A package of releases as JSON."""
    return json.dumps({"uri": "https://example.org/package", "releases": list(releases)})
