"""What is kept: models, and query functions by subject. SQLAlchemy without Flask."""
