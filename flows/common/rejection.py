"""Why a return cannot be taken."""


class Rejected(Exception):
    """The return is rejected as a whole; the message is the answer to its sender.

    One sentence: what is wrong, where, and what to do. `step` says how far the return came.
    """

    def __init__(self, step: str, reason: str) -> None:
        super().__init__(reason)
        self.step = step
        self.reason = reason
