"""Files of other kinds, the same every time: a large workbook, many small ones, HR, suppliers."""

import csv
from pathlib import Path

import duckdb
from openpyxl import Workbook

DELIVERED = [
    "Contract reference",
    "Measure code",
    "Quantity",
    "Unit",
    "This contract only",
    "A contracted commitment",
]


def write_workbook(path: Path, payments: Path) -> None:
    """The payments of a CSV file as a workbook of one sheet; amounts are numbers in it."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Payments")
    with payments.open(encoding="utf-8", newline="") as stream:
        rows = csv.reader(stream)
        header = next(rows)
        amount = header.index("Net amount")
        sheet.append(header)
        for row in rows:
            sheet.append([float(c) if at == amount else c for at, c in enumerate(row)])
    book.save(path)


def write_supplier_workbooks(folder: Path, files: int) -> None:
    """A workbook of five lines from each of many suppliers."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(files):
        book = Workbook()
        sheet = book.active
        if sheet is None:
            raise RuntimeError("openpyxl made a workbook without a sheet")
        sheet.title = "Supplier returns"
        sheet.append(DELIVERED)
        for line in range(5):
            measure = ("M08", "hours") if line % 2 else ("M09", "GBP")
            sheet.append([f"CT{number}-{line}", measure[0], line + 1, measure[1], "Yes", "Yes"])
        book.save(folder / f"s{600000 + number}_2022-23-q1.xlsx")


def write_supplier_files(folder: Path, files: int) -> None:
    """A CSV file of some lines from each of many suppliers; no two are of one size."""
    for number in range(files):
        write_deliveries(folder / f"s{800000 + number}_2022-23-q1.csv", 20 + number % 40)


def write_deliveries(path: Path, rows: int) -> None:
    """One supplier's return of many lines, as CSV."""
    with duckdb.connect() as connection:
        connection.execute(
            f"""
            copy (
                select 'CT' || i as "Contract reference", 'M08' as "Measure code",
                       1 + i % 90 as "Quantity", 'hours' as "Unit",
                       'Yes' as "This contract only", 'Yes' as "A contracted commitment"
                from range({rows}) as t(i)
            ) to '{path}' (format csv, header true)
            """
        )


def write_workforce(path: Path, rows: int) -> None:
    """A workforce of many people at one snapshot, as CSV."""
    with duckdb.connect() as connection:
        connection.execute(
            f"""
            copy (
                select 'lcrca' as "Employer", date '2022-06-30' as "Snapshot date",
                       'E' || i as "Employee number",
                       (['Female', 'Male'])[1 + i % 2] as "Sex",
                       (['White British', 'Asian', 'Prefer not to say'])[1 + i % 3] as "Ethnicity",
                       (['Yes', 'No'])[1 + i % 2] as "Disability",
                       date '1960-01-01' + cast(i % 15000 as integer) as "Date of birth",
                       (['L3 1BP', 'CH41 5EU', 'WA10 1HP', 'PR8 1DA'])[1 + i % 4]
                           as "Home postcode",
                       35 as "Weekly hours", 1.0 as "FTE",
                       printf('%.2f', 11 + (i % 3000) / 100.0) as "Hourly pay",
                       'Yes' as "Full pay", 0 as "Bonus", 'Grade ' || (i % 12) as "Grade",
                       'No' as "Apprentice", date '2015-04-01' as "Start date"
                from range({rows}) as t(i)
            ) to '{path}' (format csv, header true)
            """
        )
