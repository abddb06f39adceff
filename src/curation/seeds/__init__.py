"""Seed records: what people write in `seeds/`, read with the place of every key and value."""
