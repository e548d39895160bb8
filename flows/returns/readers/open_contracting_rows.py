"""From an open contracting release to rows of the register: a row for each supplier of an award.

The supplier's scale comes from `parties[].details`, never from `tender.suitability`, which says
whom the tender suited. Contact points are not read. The value is the contract's, else the award's,
never the tender's estimate, and stands on the row of the first supplier alone: an award to several
says one value for them all.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

Json = Mapping[str, "Json"] | list["Json"] | str | bool | None
Node = Mapping[str, Json]

# Where each column is read, best first: the words that an explanation shows.
FIELDS = {
    "contract_reference": "tender.id, else ocid",
    "ocid": "ocid",
    "contract_title": "contracts.title, awards.title or tender.title",
    "description": "contracts.description, awards.description or tender.description",
    "buyer": "buyer.name",
    "supplier_name": "awards.suppliers.name",
    "supplier_company_number": "parties.identifier of scheme GB-COH",
    "supplier_charity_number": "parties.identifier of scheme GB-CHC, GB-SC or GB-NIC",
    "supplier_postcode": "parties.address.postalCode",
    "supplier_address": "parties.address",
    "supplier_size": "parties.details.scale",
    "supplier_is_vcse": "parties.details.vcse",
    "process": "tender.procurementMethodDetails, else tender.procurementMethod",
    "cpv_code": "tender.classification, else awards.items, of scheme CPV",
    "awarded_date": "awards.date, else contracts.dateSigned",
    "start_date": "contracts.period, awards.contractPeriod or tender.contractPeriod",
    "end_date": "contracts.period, awards.contractPeriod or tender.contractPeriod",
    "value": "contracts.value, else awards.value",
    "status": "contracts.status, else awards.status",
    "released_at": "date",
}
PATH = "_path"  # where an award or contract stands in the file
COMPANIES = ("GB-COH",)
CHARITIES = ("GB-CHC", "GB-SC", "GB-NIC")


def node_at(node: Json, *keys: str) -> Node:
    """The object at that path; an empty one where there is none."""
    for key in keys:
        node = node.get(key) if isinstance(node, Mapping) else None
    return node if isinstance(node, Mapping) else {}


def nodes_at(node: Node, key: str) -> list[Node]:
    """The objects in the list of that key."""
    found = node.get(key)
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def text_at(node: Node, *keys: str) -> str:
    """The text or number at that path; '' where there is none."""
    found = node_at(node, *keys[:-1]).get(keys[-1])
    if isinstance(found, bool):
        return str(found).lower()
    # Half a surrogate pair and a nought byte are characters to JSON, and to no database.
    plain = found if isinstance(found, str) else ""
    return plain.encode("utf-8", "replace").decode("utf-8").replace("\x00", "").strip()


def awards_by_id(releases: Iterable[Node]) -> dict[tuple[str, str], Node]:
    """Every award of the releases by process and id: a contract may name one of another release."""
    found: dict[tuple[str, str], Node] = {}
    for release in releases:
        for award in nodes_at(release, "awards"):
            found.setdefault((text_at(release, "ocid"), text_at(award, "id")), award)
    return found


def rows_of(
    release: Node, elsewhere: Mapping[tuple[str, str], Node]
) -> list[tuple[str, dict[str, str]]]:
    """The release's rows, each with the path of its contract or award; none where it has neither.

    `elsewhere`: the awards of the file's other releases.
    """
    awards, contracts = nodes_at(release, "awards"), nodes_at(release, "contracts")
    signed: dict[str, int] = {}
    own: dict[str, list[Node]] = {}
    for award in awards:
        own.setdefault(text_at(award, "id"), []).append(award)
    found: list[tuple[str, dict[str, str]]] = []
    named = {text_at(contract, "awardID") for contract in contracts}
    for award in awards:
        if text_at(award, "id") not in named:
            found += [(text_at(award, PATH), row) for row in _rows(release, award, {})]
    for contract in contracts:
        name = text_at(contract, "awardID")
        alike = own.get(name) or [elsewhere.get((text_at(release, "ocid"), name), {})]
        # Where the ids of awards repeat, the contracts stand in the same order.
        award = alike[min(signed.get(name, 0), len(alike) - 1)]
        signed[name] = signed.get(name, 0) + 1
        found += [(text_at(contract, PATH), row) for row in _rows(release, award, contract)]
    return found


def unpaired_awards(release: Node) -> list[str]:
    """The ids that several of the release's awards share, if another number of contracts name them.

    Then nobody can say which contract is whose; where no contract names them, each award is one.
    """
    awards = Counter(text_at(award, "id") for award in nodes_at(release, "awards"))
    signed = Counter(text_at(contract, "awardID") for contract in nodes_at(release, "contracts"))
    return [
        f"{text_at(release, 'ocid')}, award {name}"
        for name, count in awards.items()
        if count > 1 and signed[name] not in (0, count)
    ]


def with_paths(release: Node, path: str) -> Node:
    """The release, each of its awards and contracts with its path in the file."""
    inside = f"{path}." if path else ""
    placed: dict[str, Json] = dict(release)
    for key in ("awards", "contracts"):
        listed = nodes_at(release, key)
        if listed:
            placed[key] = [
                {**one, PATH: f"{inside}{key}[{place}]"} for place, one in enumerate(listed)
            ]
    return placed


def _rows(release: Node, award: Node, contract: Node) -> list[dict[str, str]]:
    suppliers = nodes_at(award, "suppliers") or nodes_at(contract, "suppliers") or [{}]
    cells = _contract_cells(release, award, contract)
    rows = [{**cells, **_supplier_cells(release, supplier)} for supplier in suppliers]
    for row in rows[1:]:
        row["value"] = ""
    return rows


def _contract_cells(release: Node, award: Node, contract: Node) -> dict[str, str]:
    tender = node_at(release, "tender")
    period = (
        node_at(contract, "period")
        or node_at(award, "contractPeriod")
        or node_at(tender, "contractPeriod")
    )
    return {
        "contract_reference": text_at(tender, "id") or text_at(release, "ocid"),
        "ocid": text_at(release, "ocid"),
        "contract_title": _first("title", contract, award, tender, release),
        "description": _first("description", contract, award, tender),
        "buyer": text_at(release, "buyer", "name"),
        "process": _first("procurementMethodDetails", tender)
        or _first("procurementMethod", tender),
        "cpv_code": _cpv(tender, award),
        "awarded_date": text_at(award, "date") or text_at(contract, "dateSigned"),
        "start_date": text_at(period, "startDate"),
        "end_date": text_at(period, "endDate"),
        "value": _pounds(node_at(contract, "value"))
        or _pounds(node_at(award, "value"))
        or _gross(node_at(contract, "value"))
        or _gross(node_at(award, "value")),
        "status": _first("status", contract, award),
        "released_at": text_at(release, "date"),
    }


def _supplier_cells(release: Node, supplier: Node) -> dict[str, str]:
    party = _party(release, supplier)
    address = node_at(party, "address")
    lines = ("streetAddress", "locality", "region", "postalCode")
    return {
        "supplier_name": text_at(supplier, "name") or text_at(party, "name"),
        "supplier_company_number": _number(party, COMPANIES),
        "supplier_charity_number": _number(party, CHARITIES),
        "supplier_postcode": text_at(address, "postalCode"),
        "supplier_address": ", ".join(filter(None, (text_at(address, line) for line in lines))),
        "supplier_size": text_at(party, "details", "scale"),
        "supplier_is_vcse": text_at(party, "details", "vcse"),
    }


def _party(release: Node, supplier: Node) -> Node:
    """The party that the supplier is, by id, else by name; else what the award says of it."""
    for key in ("id", "name"):
        text = text_at(supplier, key)
        for party in nodes_at(release, "parties"):
            if text and text_at(party, key) == text:
                return party
    return supplier


def _number(party: Node, schemes: tuple[str, ...]) -> str:
    for identifier in [node_at(party, "identifier"), *nodes_at(party, "additionalIdentifiers")]:
        if text_at(identifier, "scheme") in schemes and text_at(identifier, "id"):
            return text_at(identifier, "id")
    name = text_at(party, "id")
    return next((name[len(s) + 1 :] for s in schemes if name.startswith(f"{s}-")), "")


def _cpv(tender: Node, award: Node) -> str:
    classifications = [node_at(tender, "classification")]
    for item in [*nodes_at(tender, "items"), *nodes_at(award, "items")]:
        classifications += [
            node_at(item, "classification"),
            *nodes_at(item, "additionalClassifications"),
        ]
    codes = (text_at(one, "id") for one in classifications if text_at(one, "scheme") == "CPV")
    return next(filter(None, codes), "")


def _pounds(value: Node) -> str:
    """The amount as text; one in another currency keeps its name, and reads as no sum of pounds."""
    amount, currency = text_at(value, "amount"), text_at(value, "currency")
    return amount if currency in ("", "GBP") else f"{currency} {amount}".strip()


def _gross(value: Node) -> str:
    """A sum with its taxes, where none without is given: it reads as no value, and is found."""
    gross = text_at(value, "amountGross")
    return f"{gross} gross" if gross else ""


def _first(key: str, *nodes: Node) -> str:
    return next(filter(None, (text_at(node, key) for node in nodes)), "")
