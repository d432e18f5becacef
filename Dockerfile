# Only what scripts/ already does: what works here works in a plain checkout, and the other way round.
FROM python:3.11-slim
WORKDIR /app
COPY . .
RUN scripts/setup
# Compiled kernels are kept here (docs/workers.md); mount a volume to keep them from one container to the next.
ENV NUMBA_CACHE_DIR=/var/cache/registry
RUN install -d -o nobody -g nogroup -m 0755 "$NUMBA_CACHE_DIR"
USER nobody
ENTRYPOINT ["/app/.venv/bin/registry"]
CMD ["--help"]
