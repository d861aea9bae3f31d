"""Pure rules. Standard library and Babel only; no database, no network, no Qt, no clock of its own."""
