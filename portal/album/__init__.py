"""The customer looks at the layout of their album: pins and wishes, draft by draft, approved at the end."""
