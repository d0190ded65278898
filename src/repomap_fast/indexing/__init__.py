"""An index that is kept up to date."""
