"""The order and its journey through eight stages: ties a customer, a package's frozen terms and the people responsible."""
