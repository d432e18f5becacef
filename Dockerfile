# Only what scripts/ already does: what works here works in a plain checkout, and the other way round.
FROM python:3.11-slim
WORKDIR /app
COPY . .
RUN scripts/setup
USER nobody
ENTRYPOINT ["/app/.venv/bin/registry"]
CMD ["--help"]
