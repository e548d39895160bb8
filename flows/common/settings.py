"""Every path, limit and threshold, in one place; each can be set as SOCIAL_VALUE_<NAME>."""

from decimal import Decimal
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT = Path(__file__).resolve().parents[2]
PACKAGE = "social-value-warehouse"  # what pip calls it
# In a checkout a link to dbt/ at its top, in a wheel the folder itself.
DBT_PROJECT = (PROJECT / "flows" / "dbt_project").resolve()
INDICATORS = DBT_PROJECT / "declared"
CONTRACTS = PROJECT / "flows" / "returns" / "contracts"
# The folders of dbt/ that decide what a figure is, beside its seeds.
MODEL_FOLDERS = ("staging", "core", "people", "indicators", "publication", "macros")


class Settings(BaseSettings):
    """Where state lives, and the limits the pipeline keeps to."""

    model_config = SettingsConfigDict(env_prefix="SOCIAL_VALUE_", extra="ignore")

    home: Path = Field(default=Path("data"), description="where all state lives")
    node_folder: Path | None = Field(
        default=None,
        validation_alias="SOCIAL_VALUE_SCRATCH",
        description="a folder on a disk of the machine's own for temporary files, dbt's workplace"
        " and the postcodes, where machines share the home; no two homes share one",
    )
    warehouse_at: str = Field(
        default="",
        validation_alias="SOCIAL_VALUE_WAREHOUSE",
        description="empty: a file in the home; ducklake:postgres:host=... dbname=... user=...: a"
        " lake that machines share (docs/lake.md)",
    )
    warehouse_data: str = Field(
        default="", description="where a lake's files lie: a shared folder, or s3://bucket/folder/"
    )
    warehouse_schema: str = Field(
        default="social_value", description="the schema of a lake's catalogue in PostgreSQL"
    )
    memory_limit: str = Field(default="850MB", description="DuckDB's memory, for each connection")
    threads: int = Field(default=2, ge=1, description="DuckDB's threads")
    side_by_side: int = Field(default=2, ge=1, description="returns read and judged at once")
    sweep_by: Literal["threads", "workers"] = Field(
        default="threads",
        description="who judges the files of a sweep: threads of its own, or workers of Prefect",
    )
    wait_seconds: float = Field(default=120, ge=0, description="how long to wait for the warehouse")
    largest_file_mb: int = Field(default=2048, ge=1, description="a larger file is refused")
    hold_if_dropping: Decimal = Field(
        default=Decimal("0.2"),
        description="a replacement that would drop more than this share of rows or money is held",
    )
    key: SecretStr | None = Field(
        default=None, description="what hashes people's numbers and seals originals"
    )
    key_file: Path | None = Field(
        default=None, description="where that key is kept if it is not given"
    )
    keep_originals: Literal["encrypted", "none"] = Field(
        default="encrypted",
        description="none: originals of returns that may have personal columns are not kept",
    )
    settle_seconds: float = Field(
        default=30,
        ge=0,
        description="a file that has changed since is taken if it is the same on two looks, so "
        "many seconds apart",
    )
    postcodes: Path | None = Field(
        default=None, description="the postcode directory's database, where homes share one"
    )
    smtp_host: str = Field(default="", description="the mail server; empty: no e-mail is sent")
    smtp_port: int = Field(default=587, ge=1, le=65535, description="its port")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="how the connection to it is kept private"
    )
    smtp_user: str = Field(default="", description="who signs in to it; empty: nobody")
    smtp_password: SecretStr = Field(default=SecretStr(""), description="the password for that")
    email_from: str = Field(default="", description="from whom e-mail comes")
    email_to: str = Field(default="", description="whom to tell by e-mail, separated by commas")
    webhook: SecretStr = Field(
        default=SecretStr(""), description="the address of a Teams workflow or another webhook"
    )
    port: int = Field(
        default=4200, ge=1, le=65535, description="where serve's own Prefect server listens"
    )
    query_rows: int = Field(default=200_000, ge=1, description="most rows of an answer to query")
    query_seconds: float = Field(default=300, gt=0, description="how long query may take")
    runs_kept_days: int = Field(
        default=90, ge=1, description="after how many days Prefect forgets a run that has ended"
    )
    credentials_file: Path | None = Field(
        default=None, description="where the passwords and keys of sources are kept (mode 0600)"
    )
    log: Literal["file", "stderr", "none"] = Field(
        default="file", description="where the log of JSON lines goes"
    )
    authority: Path | None = Field(
        default=None,
        description="the authority's folder, which a new home is bound to; afterwards the home"
        " knows it",
    )
    definitions: Path | None = Field(
        default=None,
        description="a folder of definitions as a home lays them out, to be used as it is",
    )

    @property
    def inbox(self) -> Path:
        """Where senders' files arrive, a folder a return."""
        return self.home / "inbox"

    @property
    def post(self) -> Path:
        """What was fetched from a source and is not in the inbox yet."""
        return self.home / "post"

    @property
    def credentials_path(self) -> Path:
        """The file of sources' passwords: beside the home, so that no copy of it has them."""
        return self.credentials_file or self.home.with_name(f"{self.home.name}.credentials")

    @property
    def archive(self) -> Path:
        """Every file's bytes, sealed and read-only, named by SHA-256."""
        return self.home / "archive"

    @property
    def quarantine(self) -> Path:
        """The answers to senders: which cells were not taken, why, and what to do."""
        return self.home / "quarantine"

    @property
    def warehouse(self) -> Path:
        """The pipeline's own database; nobody else opens it."""
        return self.home / "warehouse" / "warehouse.duckdb"

    @property
    def analysts(self) -> Path:
        """The modelled tables, read-only, swapped in whole."""
        return self.home / "warehouse" / "analysts.duckdb"

    @property
    def restricted(self) -> Path:
        """What rows about people add to figures: only `trace value --restricted` reads it."""
        return self.home / "warehouse" / "restricted.duckdb"

    @property
    def reference(self) -> Path:
        """Reference tables that come in a package (the postcode directory)."""
        return self.postcodes or self.of_the_node / "reference.duckdb"

    @property
    def key_path(self) -> Path:
        """The key's file: beside the home, so that a copy of the home is no copy of the key."""
        return self.key_file or self.home.with_name(f"{self.home.name}.key")

    @property
    def of_the_node(self) -> Path:
        """Where what is made anew at need lies, which no other machine may touch."""
        return self.node_folder or self.home / "warehouse"

    @property
    def scratch(self) -> Path:
        """Temporary files; wiped."""
        return self.of_the_node / "scratch"

    @property
    def dbt_folder(self) -> Path:
        """Where dbt works."""
        return self.of_the_node / "dbt"

    @property
    def log_file(self) -> Path:
        """The log: a JSON object a line."""
        return self.home / "log" / "social-value.jsonl"

    @property
    def published(self) -> Path:
        """The releases."""
        return self.home / "published"

    @property
    def audit(self) -> Path:
        """What only audit may see."""
        return self.home / "audit"


def settings_for(home: Path | None = None) -> Settings:
    """The settings, with `home` (or SOCIAL_VALUE_HOME, or ./data) made absolute."""
    settings = Settings() if home is None else Settings(home=home)
    settings.home = settings.home.expanduser().absolute()
    if settings.node_folder is not None:
        settings.node_folder = settings.node_folder.expanduser().absolute()
    return settings
