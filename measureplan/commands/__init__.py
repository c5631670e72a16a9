"""The subcommands of `measureplan`, one a file; each is imported only when it is asked for."""
