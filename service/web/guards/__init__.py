"""What stands before every request: who may do what, how much, how often, how long, and from where."""
