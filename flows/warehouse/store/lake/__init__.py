"""The warehouse in a DuckLake: its catalogue in PostgreSQL, its rows in Parquet files."""
