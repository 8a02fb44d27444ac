"""What was promised in writing, and who signed it: clauses, templates, composed contracts, evidence, sealed PDFs."""
