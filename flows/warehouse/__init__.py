"""The one door to the warehouse: connection, keeping, ledger, snapshot for analysts."""
