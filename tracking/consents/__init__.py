"""The signals that carry consent, each read into statements of one kind; pure."""
