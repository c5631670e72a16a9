"""The one refusal of the command line, apart so that every subcommand can raise it."""


class BadInput(Exception):  # named for the refusal
    """Say what was wrong, with what value, where, and what to do: one line for the person at the terminal."""
