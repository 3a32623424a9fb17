# What runs is the installed package alone: no compiler, no checkout, no root.
FROM python:3.13-slim AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY templates templates
COPY alerts alerts
RUN python -m venv /opt/alerts && /opt/alerts/bin/pip install --no-cache-dir '.[documents]'

FROM python:3.13-slim
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin alerts \
    && install --directory --owner=alerts --mode=700 /data
COPY --from=build /opt/alerts /opt/alerts
ENV PATH=/opt/alerts/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 ALERTS_HOME=/data
USER 10001
WORKDIR /data
ENTRYPOINT ["alerts"]
CMD ["worker"]
