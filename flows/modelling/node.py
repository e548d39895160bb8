"""A node of a build: a model, seed or test, and what became of it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Node:
    """A model, seed or test of a build."""

    name: str
    kind: str
    status: str
    seconds: float
    message: str


def node_of(unique_id: str, status: str, seconds: float, message: str) -> Node:
    """The node that dbt knows by its unique id (`model.social_value.dim_months`)."""
    kind, _, name = unique_id.split(".")[:3]
    return Node(name, kind, status, round(seconds, 3), " ".join(message.split()))
