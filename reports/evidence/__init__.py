"""Evidence: which micro goals go along with a macro goal, how it is known, and which were forgotten."""
