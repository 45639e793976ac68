"""The admin's pages for interviews: what is shown of them, what may be done with them, and how they leave as files."""
