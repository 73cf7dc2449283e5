"""Theory without countries: finite games in normal form, for any number of players and any batch of games."""
