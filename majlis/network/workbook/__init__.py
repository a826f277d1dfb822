"""The partners' workbook, in and out: columns, safe opening, cells, checks, comparison, writing. Writes no table itself."""
