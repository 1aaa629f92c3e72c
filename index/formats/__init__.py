"""Files to articles, one module per format. What cannot be read is returned along with what can, and stops nothing."""
