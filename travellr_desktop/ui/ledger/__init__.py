"""The ledger on screen, for managers: balances of any day, whose they are, and every entry. Nothing is changed here."""
