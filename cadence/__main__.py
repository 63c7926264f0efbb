"""`python -m cadence` is the command `cadence`."""

from cadence.cli import main

main()
