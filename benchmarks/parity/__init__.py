"""Whether tags, ranks and maps are those of the tools that they follow."""
