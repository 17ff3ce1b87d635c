# The image of a course: JupyterLab with Sockbook and its lessons.
#   docker build -t sockbook .
#   docker run -it -p 127.0.0.1:8888:8888 sockbook
# For hosts on a network, see "For teachers" in README.md. It keeps to the
# conventions of Jupyter Docker Stacks and repo2docker: a hub, a cluster or Binder
# takes it as it is.

FROM golang:1.26-bookworm AS program
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY kernel kernel
COPY lessons lessons
COPY runtime runtime
ARG VERSION=
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.stamp=$VERSION" -o /out/sockbook ./kernel/cmd/sockbook \
 && go version -m /out/sockbook >/out/sbom-go.txt

FROM debian:bookworm-slim AS jupyter
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ca-certificates git python3-venv \
 && rm -rf /var/lib/apt/lists/*
COPY kernel/deploy/image/requirements.txt /tmp/
# Left out are the hub's own pages, what is for debugging in a browser, and pip.
RUN python3 -m venv /opt/jupyter \
 && /opt/jupyter/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --require-hashes --only-binary=:all: -r /tmp/requirements.txt \
 && mkdir /out \
 && /opt/jupyter/bin/pip inspect >/out/sbom-python.json \
 && /opt/jupyter/bin/pip uninstall -y pip \
 && rm -rf /opt/jupyter/share/jupyterhub \
 && find /opt/jupyter -name '*.js.map' -delete
# nbgitpuller needs of git only this; the package also has Perl.
RUN mkdir -p /out/usr/bin /out/usr/lib/git-core /out/usr/share/git-core \
 && cp /usr/bin/git /out/usr/bin/ \
 && cp /usr/lib/git-core/git-remote-http /out/usr/lib/git-core/ \
 && ln -s git-remote-http /out/usr/lib/git-core/git-remote-https \
 && ln -s ../../bin/git /out/usr/lib/git-core/git \
 && cp -r /usr/share/git-core/templates /out/usr/share/git-core/ \
 && dpkg-query -W git >/out/sbom-git.txt

FROM debian:bookworm-slim
# The names are repo2docker's.
ARG NB_USER=jovyan
ARG NB_UID=1000
ARG NB_GID=100
ARG VERSION=
LABEL org.opencontainers.image.title="Sockbook" \
      org.opencontainers.image.description="JupyterLab with a Go kernel and lessons to learn UNIX network programming" \
      org.opencontainers.image.licenses="BSD-3-Clause" \
      org.opencontainers.image.version="$VERSION"
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ca-certificates libcurl3-gnutls python3 tini \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt /var/log/apt /var/log/dpkg.log /usr/share/doc /usr/share/man \
 && useradd --create-home --no-log-init --no-user-group --uid "$NB_UID" --gid "$NB_GID" --shell /bin/bash "$NB_USER" \
 && chmod g+rwxs "/home/$NB_USER"
COPY --from=jupyter /opt/jupyter /opt/jupyter
COPY --from=jupyter /out/usr /usr
COPY --from=program /out/sockbook /usr/local/share/sockbook/bin/sockbook
COPY kernel/deploy/image/jupyter_server_config.py /etc/jupyter/
COPY kernel/deploy/image/start-sockbook kernel/deploy/image/healthy-sockbook /usr/local/bin/
COPY --from=program /out/sbom-go.txt /usr/local/share/sockbook/sbom/go.txt
COPY --from=jupyter /out/sbom-python.json /usr/local/share/sockbook/sbom/python.json
COPY --from=jupyter /out/sbom-git.txt /usr/local/share/sockbook/sbom/git.txt
# For all users: hubs mount a volume over the home.
RUN ln -s /usr/local/share/sockbook/bin/sockbook /usr/local/bin/sockbook \
 && sockbook install --prefix /usr/local \
 && dpkg-query -W >/usr/local/share/sockbook/sbom/debian.txt

ENV PATH=/opt/jupyter/bin:/usr/local/bin:/usr/bin:/bin \
    VIRTUAL_ENV=/opt/jupyter \
    LANG=C.UTF-8 \
    NB_USER=$NB_USER NB_UID=$NB_UID NB_GID=$NB_GID \
    HOME=/home/$NB_USER
USER $NB_UID
WORKDIR /home/$NB_USER
EXPOSE 8888
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["healthy-sockbook"]
ENTRYPOINT ["tini", "-g", "--", "start-sockbook"]
CMD ["start-jupyter"]
