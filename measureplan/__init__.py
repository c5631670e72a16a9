"""The wiring: the only package that knows all the others."""
