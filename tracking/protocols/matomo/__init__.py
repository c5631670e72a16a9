"""Matomo: its clients' tracking requests."""
