"""Paths: where people go after an event, a page or a goal, or came from before it, step by step."""
