"""Pages: blueprints by who uses them, and what they share."""
