"""Which roles there are, from files."""
