"""The lake: Delta tables of events and what is derived from them; read by `query`, written by `writer` and `derive`."""
