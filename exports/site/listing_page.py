"""Lists for audit, as one self-contained page."""

from collections.abc import Sequence

from exports.files.listing import AuditFolder
from exports.site.pages import environment_for


def folder_page(folder: AuditFolder, elsewhere: Sequence[tuple[str, str]] = ()) -> str:
    """The lists as one page without any outside request; `elsewhere` are links, path and name."""
    template = environment_for().get_template("lists.html")
    return template.render(folder=folder, elsewhere=elsewhere)
