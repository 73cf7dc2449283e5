"""How the documents' statements fare."""
