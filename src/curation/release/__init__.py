"""Releases: how two of them differ, what a difference demands of the version, and what must hold before one is made."""
