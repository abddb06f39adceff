"""Seed records: what people write in `seeds/`, read with the location of every key and value."""
