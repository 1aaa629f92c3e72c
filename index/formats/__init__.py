"""Files to articles, one module a format. What cannot be read is returned beside what can, and stops nothing."""
