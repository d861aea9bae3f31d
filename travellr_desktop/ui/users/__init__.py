"""Users: who may sign in, as what, and whose password was given by somebody else."""
