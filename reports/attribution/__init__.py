"""The attribution page: one goal under several models side by side, from one answer for page, CSV and API."""
