"""The benchmark: generated packages and seed folders of any size, and what it costs to check and build them."""
