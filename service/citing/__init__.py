"""An answer's sources in common citation formats."""
