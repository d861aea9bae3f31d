"""Files as large as those of years of work: `travellr generate`.

`season` decides what happens (who buys which trip, when, and how it ends), `books` writes it as the services would,
`make` puts both together in a new profile.
"""
