"""How long scans and maps take, beside other tools and by part."""
