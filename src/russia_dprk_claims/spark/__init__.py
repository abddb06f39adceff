"""Beyond one machine: the same contract and the same rules, run on Spark over packages of any size."""
