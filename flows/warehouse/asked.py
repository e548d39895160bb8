"""Which returns somebody asks about: those of a sender, of a period, of a name."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from flows.common.errors import InputError
from flows.common.periods import Period, labels_within
from flows.warehouse.connection import Row

# What is owed and has not come has no return: the finding's subject is return, sender and period.
SENDER = "coalesce(nullif(r.sender, ''), regexp_extract(f.return_id, '-owed-([^/]*)/', 1))"
PERIOD = "coalesce(nullif(r.period, ''), regexp_extract(f.return_id, '/(.*)$', 1))"


class NoSuchReturns(InputError):
    """No return has the name or the sender that was asked for."""


@dataclass(frozen=True)
class Asked:
    """What is asked for; each that is not said keeps all. A period keeps what lies in it, too."""

    sender: str | None = None
    period: Period | None = None
    return_name: str | None = None

    def check(self, slots: Iterable[Row]) -> None:
        """See that the words name something that is owed or has come. Raises NoSuchReturns."""
        rows = list(slots)
        for what, word in (("sender", self.sender), ("return", self.return_name)):
            known = sorted({str(row[what]) for row in rows})
            if word is not None and word not in known:
                near = get_close_matches(word, known, n=1)
                hint = f"did you mean {near[0]}?" if near else "social-value status lists them."
                owed = "by" if what == "sender" else "called"
                raise NoSuchReturns(f"No return is owed or has come {owed} {word}: {hint}")

    def narrow(self, slots: Iterable[Row]) -> list[Row]:
        """The rows of `status` that are asked for."""
        labels = labels_within(self.period) if self.period else None
        return [
            row
            for row in slots
            if (self.sender is None or row["sender"] == self.sender)
            and (self.return_name is None or row["return"] == self.return_name)
            and (labels is None or row["period"] in labels)
        ]

    def where(self) -> tuple[str, dict[str, object]]:
        """A condition on findings `f` with their returns `r`, and its values."""
        values: dict[str, object] = {
            "sender": self.sender,
            "return": self.return_name,
            "periods": labels_within(self.period) if self.period else None,
        }
        conditions = {
            "sender": f"({SENDER} = $sender or starts_with({SENDER}, $sender || '-') "
            "and r.return_id is null)",
            "return": 'f."return" = $return',
            "periods": f"list_contains($periods, {PERIOD})",
        }
        given = {name: value for name, value in values.items() if value is not None}
        return " and ".join(["true", *(conditions[name] for name in given)]), given


ALL_RETURNS = Asked()
