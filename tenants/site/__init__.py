"""What the platform tells the public: a try at choosing, questions and answers, privacy, terms, and what robots ask."""
