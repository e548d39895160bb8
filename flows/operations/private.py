"""What a flow is given and Prefect's database must not hold: files, and what senders call them."""

from typing import Generic, TypeVar

Content = TypeVar("Content")


class Private(Generic[Content]):
    """Something that Prefect writes down as `<Private>`.

    Prefect keeps a flow's parameters as JSON where it can make JSON of them. Of this it cannot: it
    is no mapping, and slots are not listed.
    """

    __slots__ = ("content",)

    def __init__(self, content: Content) -> None:
        self.content = content
