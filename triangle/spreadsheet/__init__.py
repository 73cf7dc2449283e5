"""The spreadsheet door: parameters of a scenario out into a sheet, and what was changed there back as a scenario."""
