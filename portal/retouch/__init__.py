"""The customer looks at retouched photographs: before and after, accept or change, round by round, sign at the end."""
