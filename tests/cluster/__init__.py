"""A real cluster on the loopback: Spark's master and workers from its package. `make cluster` runs these tests."""
