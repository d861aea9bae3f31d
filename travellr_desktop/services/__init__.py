"""What people can do, one module a subject. A service checks the permission, opens a unit of work, applies the
rules of `domain`, and hands back frozen rows; no ORM object leaves it."""
