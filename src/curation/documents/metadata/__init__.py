"""Metadata: what tells others how to cite, archive and find the dataset, made from its description alone."""
