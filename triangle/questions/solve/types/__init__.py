"""Players of unknown type in the stance game: ``solve --types``."""
