"""Searching the resources of every account at once, with the engines AWS has for that."""
