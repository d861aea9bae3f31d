"""The books beside what the provider says moved on the agency's balance.

    fetching    movements are fetched and kept; what follows from one by itself is posted with it, in one transaction:
                its fee, its exchange, a bill of the provider's, what went to the bank
    statement   both sides of some days, as `domain.matching` compares them
    service     the differences, with the likely cause, and the ways to put each right

Nothing is put right without being asked for, and nothing here moves money: it writes down what has moved.
"""
