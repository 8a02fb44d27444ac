"""The customer looks at the layout of their album: pins and wishes spread by spread, draft by draft, approved at the end."""
