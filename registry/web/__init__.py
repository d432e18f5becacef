"""The pages: what the register holds, for people. They read; every act goes through the API."""
