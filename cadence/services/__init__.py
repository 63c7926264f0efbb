"""One module per verb, each gather -> decide -> do: `reconcile`, `beat`, `respond`, `report`, `rehearse`.

`gather` reads a plan's files, `installation` the state of the whole installation; the core decides; what was
decided is written in one transaction, and only then is anything sent.
"""
