"""The compiled plan: the same contract and the same rules, run over packages that are larger than memory."""
