"""What is seen: tables, plots, maps, drawings, blocks of a page, phrases in two languages, notebooks."""
