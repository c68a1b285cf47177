"""Capacity: how many people a PCN should, can and will start.

Pure arithmetic: dates and numbers in, dataclasses out. Nothing here knows Flask, the database
or the time of day; the caller says `as_of`. The definitions are in docs/capacity.md, whose
worked figures are tested against this package. Where a figure cannot be given it is a `Figure`
without a value and with the reason in words: never infinity, never a guess.
"""
