"""The releases of one contracting process, merged as the open contracting standard says.

A later release says what changed: what it does not speak of stays, objects of a list are known by
their ids, and null takes a thing away. Ids that repeat in one list are paired by their position.
Why not by the standard's own library: docs/decisions/0009-releases-are-merged-here.md.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from flows.returns.readers.open_contracting_rows import Json, Node, nodes_at, text_at


def merged(earlier: Sequence[Node], release: Node) -> Node:
    """The process as it stands with `release`; `earlier`: its releases before, the oldest first.

    An award of before that the release gives under another id is not counted beside it.
    """
    if not earlier:
        return release
    state: Node = {}
    for one in [*earlier, release]:
        state = _with(state, one)
    awards = [
        award
        for award in nodes_at(state, "awards")
        if not _is_replaced(award, nodes_at(release, "awards"))
    ]
    return {**state, "awards": list(awards)}


def _is_replaced(award: Node, newer: Sequence[Node]) -> bool:
    """Whether one of the newer awards is this one under another id.

    It is if it has the same lots and the same suppliers, or the same lots and day and a supplier in
    common: Contracts Finder numbers an award anew when a notice adds or drops one of its suppliers.
    """
    names = {text_at(one, "id") for one in newer}
    return text_at(award, "id") not in names and any(
        _lots(one) == _lots(award)
        and (
            _suppliers(one) == _suppliers(award)
            or (
                (text_at(award, "date") == text_at(one, "date") != "")
                and not _suppliers(one).isdisjoint(_suppliers(award))
            )
        )
        for one in newer
    )


def _lots(award: Node) -> frozenset[str]:
    lots = award.get("relatedLots")
    return frozenset(str(lot) for lot in lots) if isinstance(lots, list) else frozenset()


def _suppliers(award: Node) -> frozenset[str]:
    suppliers = nodes_at(award, "suppliers")
    return frozenset(text_at(one, "name") or text_at(one, "id") for one in suppliers)


def _with(state: Node, change: Node) -> Node:
    """The object with what changed in it."""
    found: dict[str, Json] = dict(state)
    for key, value in change.items():
        if value is None:
            found.pop(key, None)
        else:
            found[key] = _changed(found.get(key), value)
    return found


def _changed(before: Json, value: Json) -> Json:
    if isinstance(value, Mapping):
        return _with(before if isinstance(before, Mapping) else {}, value)
    if isinstance(value, list) and value and all(_has_id(one) for one in value):
        known = before if isinstance(before, list) and all(_has_id(o) for o in before) else []
        return _by_id(
            [one for one in known if isinstance(one, Mapping)],
            [one for one in value if isinstance(one, Mapping)],
        )
    return value


def _has_id(one: Json) -> bool:
    return isinstance(one, Mapping) and bool(text_at(one, "id"))


def _by_id(before: Sequence[Node], changes: Sequence[Node]) -> list[Json]:
    found: dict[tuple[str, int], Json] = dict(_numbered(before))
    for key, change in _numbered(changes):
        known = found.get(key)
        found[key] = _with(known if isinstance(known, Mapping) else {}, change)
    return list(found.values())


def _numbered(nodes: Iterable[Node]) -> Iterable[tuple[tuple[str, int], Node]]:
    """Each object with its id, and how many of that id came before it."""
    seen: Counter[str] = Counter()
    for node in nodes:
        name = text_at(node, "id")
        yield (name, seen[name]), node
        seen[name] += 1
