"""What a desk says of the central database of its agency, and what people do about it: services, a module a
subject."""
