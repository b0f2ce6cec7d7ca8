# One file, two images. `triage` is the contact centre; `bot` adds Rasa in its own environment and a trained model.
# Both are set up by the same code as `make run`.

FROM python:3.11-slim-bookworm AS triage
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
 && chown -R frontdoor "$FRONTDOOR_HOME"
USER frontdoor
CMD ["frontdoor", "web"]

FROM triage AS bot
USER root
RUN uv sync --frozen --project bot --compile-bytecode --no-cache
USER frontdoor
RUN frontdoor train
CMD ["frontdoor", "rasa"]
