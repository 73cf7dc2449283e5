"""The questions that can be asked, each in a folder of its own; the list of them is below."""
