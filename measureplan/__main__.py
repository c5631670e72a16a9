"""`python -m measureplan`: the command where it is not on the path."""

import sys

from measureplan.cli import main

if __name__ == "__main__":
    sys.exit(main())
