"""Which parameter, and which kind of knowledge, an outcome depends on."""
