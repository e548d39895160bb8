"""The authority whose warehouse this is: the model behind `authority.yaml` in its folder."""

from pathlib import Path
from typing import Literal, get_args
from zoneinfo import available_timezones

from pydantic import Field, field_validator

from flows.common.declarations import Declared, parse_declared, read_declared

FILE = "authority.yaml"
Publication = Literal["quarterly", "annual"]
Format = Literal["html", "csv", "xlsx", "pdf", "parquet", "zip"]
FORMATS: frozenset[str] = frozenset(get_args(Format))
ALWAYS = ("html", "csv")  # a cell is traced by its page and its row


class Contact(Declared):
    """Whom a reader may ask."""

    name: str = Field(description="a person, a team or a post")
    email: str = Field(pattern=r"^[^@\s]+@[^@\s]+$", description="their e-mail address")
    phone: str = Field(default="", description="their telephone number")


class Licence(Declared):
    """What others may do with what is published."""

    name: str = Field(default="Open Government Licence v3.0", description="as pages name it")
    url: str = Field(
        default="https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
        description="where it can be read",
    )


class Colours(Declared):
    """The colours of the pages."""

    brand: str = Field(pattern=r"^#[0-9a-fA-F]{6}$", description="of the masthead, as #rrggbb")


class Authority(Declared):
    """Who publishes, and what; its folder lies over what ships."""

    id: str = Field(
        pattern=r"^[a-z][a-z0-9_-]*$", description="a home is bound to it, and it never changes"
    )
    name: str = Field(description="as it stands on what is published")
    short_name: str = Field(description="as sentences call it: {body} in words and tables")
    address: str = Field(default="", description="its postal address, in one line")
    site_url: str = Field(default="", description="where its releases are published")
    contact: Contact
    licence: Licence = Licence()
    logo: str | None = Field(default=None, description="an image file of the folder")
    colours: Colours | None = Field(default=None, description="left out: as what ships has them")
    region: str = Field(description="the code of its whole area, which seed geographies names")
    region_called: str = Field(
        default="the region", description="as sentences call it: {the_region} in words and tables"
    )
    languages: list[Literal["en-GB"]] = Field(
        default=["en-GB"], min_length=1, description="what it publishes in: English alone so far"
    )
    publications: list[Publication] = Field(
        default=["quarterly", "annual"], min_length=1, description="what is published by itself"
    )
    formats: dict[Publication, list[Format]] = Field(
        default={},
        description="in which a publication is written: html and csv, and of xlsx, pdf, parquet and"
        " zip those it names; one that is not named here is written in all",
    )
    time_zone: str = Field(
        default="Europe/London", description="of its schedules, as the tz database names it"
    )
    schedules: dict[str, str] = Field(
        default={},
        description="when a deployment of prefect.yaml runs, as cron, where it is another time",
    )
    indicators: list[str] | Literal["all"] = Field(
        default="all", description="which of the registry's indicators it publishes"
    )

    @field_validator("time_zone")
    @classmethod
    def _is_known(cls, name: str) -> str:
        if name not in available_timezones():
            raise ValueError(f"no time zone is called {name}: Europe/London is one")
        return name

    @field_validator("formats")
    @classmethod
    def _hold_what_figures_are_traced_by(
        cls, named: dict[Publication, list[Format]]
    ) -> dict[Publication, list[Format]]:
        for publication, formats in named.items():
            for needed in ALWAYS:
                if needed not in formats:
                    raise ValueError(
                        f"{publication} cannot go without {needed}: figures are traced by it"
                    )
        return named

    def formats_of(self, publication: str) -> frozenset[str]:
        """In which formats the publication is written: all, unless it is said."""
        named = {str(name): formats for name, formats in self.formats.items()}
        return frozenset(named.get(publication, FORMATS))


def read_authority(folder: Path) -> Authority:
    """The authority whose folder that is. Raises DeclarationError."""
    return read_declared(folder / FILE, Authority)


def parse_authority(content: bytes) -> Authority:
    """The authority that a release keeps beside its definitions. Raises DeclarationError."""
    return parse_declared(content.decode("utf-8"), FILE, Authority)
