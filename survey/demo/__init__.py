"""An invented council with a closed and an open round, made by the same actions as real ones."""
