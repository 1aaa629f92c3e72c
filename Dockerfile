# Newsquote in an image: docker build -t newsquote . (docs/installation.md)
FROM python:3.11-slim-bookworm AS build

# The CPU build of torch is enough, and smaller by gigabytes than the one that pip takes by default.
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PATH=/opt/newsquote/bin:$PATH
WORKDIR /source
RUN python -m venv /opt/newsquote
COPY requirements.txt ./
RUN pip install --index-url "$TORCH_INDEX" "$(grep '^torch==' requirements.txt)" \
 && pip install -r requirements.txt
COPY pyproject.toml MANIFEST.in README.md LICENSE ./
COPY index index
COPY service service
COPY templates templates
COPY seeds seeds
# What else is installed: with `milvus` too, for an archive beyond one machine (docs/scaling.md).
ARG EXTRAS=postgresql
# hadolint ignore=DL3013
RUN pip install ".[$EXTRAS]"

FROM python:3.11-slim-bookworm

RUN useradd --system --uid 10001 --no-log-init --home-dir /data newsquote \
 && install --directory --mode=700 --owner=10001 /data
COPY --from=build /opt/newsquote /opt/newsquote
COPY deploy/healthcheck.py /opt/newsquote/healthcheck.py
ENV PATH=/opt/newsquote/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 \
    NEWSQUOTE_DATA_DIR=/data NEWSQUOTE_HOST=0.0.0.0
USER 10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
# The first start reads the starter articles, and loads the models.
HEALTHCHECK --start-period=120s --interval=30s --timeout=10s --retries=3 \
  CMD ["python", "/opt/newsquote/healthcheck.py"]
ENTRYPOINT ["newsquote"]
CMD ["serve"]
