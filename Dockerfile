FROM python:3.11-slim AS packages
COPY requirements.lock .
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock

FROM python:3.11-slim
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
RUN useradd --system --uid 10001 --no-create-home clientele
COPY --from=packages /opt/venv /opt/venv
WORKDIR /srv/clientele
COPY . .
# The key only lets the settings load; nothing is signed while files are collected.
RUN SECRET_KEY=collecting-static-files-only python manage.py collectstatic --no-input --verbosity 0
USER clientele
ENV BIND=0.0.0.0:8000
EXPOSE 8000
# Alive, not ready: a database that is away is no reason to restart this process.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
CMD ["gunicorn", "-c", "config/gunicorn.py", "config.wsgi"]
