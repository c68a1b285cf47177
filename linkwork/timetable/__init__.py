"""Opening times: read from the words people write, and worked out day by day. Pure.

``reading.read`` turns "Wednesday 10am - 4pm, last Thursday closed" into schedules, keeps what it
could not read, and refuses what could be read in two ways. ``occurrences`` says when a schedule
is open. Nothing here knows of the database, the web, or what time it is.
"""
