"""Claims about the Russia–North Korea partnership: the dataset and the workshop that builds and checks it."""
