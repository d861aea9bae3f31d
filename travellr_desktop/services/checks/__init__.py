"""The proofs of the books, a module a subject; `services.check` runs them."""
