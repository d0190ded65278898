"""The report: a repository as a page to look at, and as drawings and graphs for other tools."""
