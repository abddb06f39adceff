"""Checks: what the contract demands of every cell, what the rules demand of the rows, what the texts demand of the
passages.
"""
