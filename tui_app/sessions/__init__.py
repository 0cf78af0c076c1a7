"""Getting and keeping credentials."""
