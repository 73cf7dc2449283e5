"""The page of a scenario or several: answer, game, map, evidence and explorer, as HTML, Markdown and PDF."""
