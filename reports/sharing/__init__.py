"""Reports for people without a login: links that open one of them each, and nothing else."""
