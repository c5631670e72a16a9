"""Meta: what servers send to its Conversions API."""
