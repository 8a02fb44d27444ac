"""Who is it, and may they? Knows staff, roles and customers; nothing of orders or photographs."""
