"""Documents: files that are generated from the contract, the tables and `seeds/dataset.yaml`."""
