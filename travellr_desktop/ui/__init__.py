"""The window and all it shows. Asks services, never storage or payments."""
