"""dbt's manifest, as tests ask it: the project's own nodes, their layer, what analysts get."""

from typing import Any

ORDER = ("staging", "core", "people", "indicators", "publication")


def nodes(manifest: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    """The project's own nodes of a kind: model, seed, test."""
    return [
        node
        for node in manifest["nodes"].values()
        if node["resource_type"] == kind and node["package_name"] == "social_value"
    ]


def layer(node: dict[str, Any]) -> str:
    """The layer it lies in, wherever it is made: the first folder of its path but `made`."""
    return str(node["original_file_path"]).removeprefix("made/").split("/")[0]


def published(node: dict[str, Any]) -> bool:
    """Whether analysts get it."""
    return node["schema"] in ("marts", "publication")
