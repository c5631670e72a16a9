"""Conversions that happened elsewhere, in a CRM or a shop's till, brought to the visitors whose they are."""
