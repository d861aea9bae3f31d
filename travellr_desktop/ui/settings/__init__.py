"""What can be set: the agency, selling, payments, the sandbox, oneself, the look; and what this program is."""
