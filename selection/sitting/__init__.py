"""An adviser and a customer choosing together in the branch: who leads, what is shown. Never what is chosen."""
