"""Drafts of records: candidates for claims, made from a text by word lists, which a coder accepts or not."""
