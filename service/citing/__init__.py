"""An answer's sources in the formats of the field."""
