"""What goes away under load, one script each: broker, database, disk, replies. `python -m bench.failures` runs them."""
