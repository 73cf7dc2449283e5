"""Ground: errors, records of strangers, files, intervals; knows no game and no country."""
