"""The order and its journey through eight stages: ties a customer, frozen terms and the people responsible."""
