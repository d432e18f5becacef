"""The wire format: marshmallow schemas between plain data and the core's values, and its JSON Schema."""
