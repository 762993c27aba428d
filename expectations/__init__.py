"""What every row of the published tables must be: one suite a table, readable top to bottom."""
