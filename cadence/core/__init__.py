"""The pure core: values in, values out. No database, network, file, clock or randomness lives here.

The road through it: `planfile` reads a bundle into a plan, `directory` says who holds which seat on which
day, `triggers` says when, `compiler` makes the schedule, `changes` compares it with what is stored,
`agenda` says what is due, `messages` says it to whom, `lifecycle` takes the answers, `reports` counts.
"""
