"""One module a protocol: bytes or text of its clients in, Events out."""
