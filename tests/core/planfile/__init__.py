"""How a plan is read: what its words mean, and what is said about each mistake."""
