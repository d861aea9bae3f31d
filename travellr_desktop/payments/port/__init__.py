"""The port to the payment provider, a module a subject: what goes in and comes out, and the calls.

`payments.gateway` puts them together and is where the rest of the program imports them from.
"""
