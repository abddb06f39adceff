"""Releases: how two of them differ, which version a difference requires, and what must hold before one is made."""
