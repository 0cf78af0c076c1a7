"""The kinds of resources, a module for each group of the first sight: every entry is data."""
