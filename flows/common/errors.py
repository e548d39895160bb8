"""Every fault as one sentence for its reader, and the exit status that goes with it."""

import errno

# By the class's name, so that nothing heavy is imported to say what went wrong.
STATUS = {
    "ReleaseBlocked": 1,
    "NothingToPublish": 1,
    "Rejected": 1,
    "PeriodError": 2,
    "BadQuestion": 2,
    "BadWords": 2,
    "NothingToConfirm": 2,
    "NoSuchFinding": 2,
    "NoAnswer": 2,
    "NothingModelled": 3,
    "DeclarationError": 3,
    "ClockError": 2,
    "WarehouseBusy": 3,
    "WarehouseTooNew": 3,
    "ArchiveError": 3,
    "NoLongerHeld": 3,
    "KeyFault": 3,
    "SealBroken": 3,
    "HiddenFault": 3,
    "BackupFault": 3,
    "BuildFailed": 3,
    "JudgeError": 3,
    "SelectionError": 3,
    "DisclosureError": 3,
    "NarrativeError": 3,
    "ManifestError": 3,
    "PlaceTaken": 3,
    "NotAsRecorded": 3,
    "NotTold": 3,
    "ServerFault": 3,
}
WHAT_NEXT = {
    errno.ENOSPC: "The disk is full: free some space and run this again; nothing was half kept.",
    errno.EACCES: "may not be read or written: give this user the right to it and run this again.",
}


def sentence_for(error: Exception) -> tuple[int, str]:
    """The exit status for a fault, and what to tell the reader."""
    name = type(error).__name__
    if name in STATUS:
        return STATUS[name], str(error)
    if name == "ValidationError":  # a setting in the environment
        return 2, f"A SOCIAL_VALUE_ setting is wrong: {' '.join(str(error).split())}"
    text = " ".join(str(error).split())
    if isinstance(error, OSError):
        if error.errno == errno.ENOSPC:
            return 3, WHAT_NEXT[errno.ENOSPC]
        if error.errno == errno.EACCES:
            return 3, f"{error.filename} {WHAT_NEXT[errno.EACCES]}"
    if "No space left" in text:
        return 3, WHAT_NEXT[errno.ENOSPC]
    unreachable = any(word in text.lower() for word in ("ephemeral", "failed to reach api"))
    if unreachable or name in ("ConnectError", "PrefectHTTPStatusError"):
        return 3, (
            f"Prefect's server cannot be reached ({text}): check PREFECT_API_URL, or unset it to "
            "have one started, and run this again; nothing is half done."
        )
    return 3, f"The system failed ({name}: {text}): run again with --debug and keep what it prints."


class Rejected(Exception):
    """The return is rejected as a whole; the message is the answer to its sender.

    One sentence: what is wrong, where, and what to do. `step` says how far the return came.
    """

    def __init__(self, step: str, reason: str) -> None:
        super().__init__(reason)
        self.step = step
        self.reason = reason
