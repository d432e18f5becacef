"""The register as an HTTP API, version 1."""
