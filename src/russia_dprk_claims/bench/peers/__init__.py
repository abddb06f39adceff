"""Peers: small programs that do with other libraries what the validation does, to be measured beside it."""
