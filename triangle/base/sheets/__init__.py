"""Tables in files, read from strangers and written for the programs that they use: delimited text and workbooks."""
