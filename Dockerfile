# One file, two images. `triage` is the contact centre; `bot` adds Rasa in its own environment and a trained model.
# Both are set up by the same code as `make run`.

FROM python:3.11-slim-bookworm AS base
ENV OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
ENV PYTHONUNBUFFERED=1 FRONTDOOR_HOME=/var/lib/frontdoor PATH=/srv/frontdoor/.venv/bin:$PATH
WORKDIR /srv/frontdoor
# Locks first, so that a change of code does not install everything again.
COPY pyproject.toml uv.lock README.md LICENSE ./
RUN pip install --no-cache-dir uv==0.13.9 \
 && uv sync --frozen --no-dev --no-install-project --compile-bytecode --no-cache
COPY . .
RUN uv sync --frozen --no-dev --compile-bytecode --no-cache \
 && useradd --system --no-create-home --shell /usr/sbin/nologin frontdoor \
 && mkdir -p "$FRONTDOOR_HOME" \
 && python -m language.encoder.build "$FRONTDOOR_HOME" \
 && python -m language.tuned.build "$FRONTDOOR_HOME" data/tuning/changes.safetensors \
 && chown -R frontdoor "$FRONTDOOR_HOME"
USER frontdoor
CMD ["frontdoor", "web"]

FROM base AS bot
USER root
RUN uv sync --frozen --project bot --compile-bytecode --no-cache
USER frontdoor
RUN frontdoor train
CMD ["frontdoor", "rasa"]

# The contact centre reads with what the assistant was trained to: the same reader and danger model.
FROM base AS triage
COPY --from=bot --chown=frontdoor /var/lib/frontdoor/models /var/lib/frontdoor/models
CMD ["frontdoor", "web"]
