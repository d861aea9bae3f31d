"""What a person can do: one module a subject, permissions checked first, frozen results."""
