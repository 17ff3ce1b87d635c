"""Sockbook for a course on one server: JupyterHub with DockerSpawner.

On a Debian or Ubuntu server, in this folder:

    docker build -t sockbook https://…/sockbook.git     # or docker load, or a registry
    docker network create --opt com.docker.network.bridge.enable_icc=false sockbook
    python3 -m venv hub && hub/bin/pip install jupyterhub==5.5.0 dockerspawner==14.0.0 jupyterhub-idle-culler==1.4.0
    npm install configurable-http-proxy@5.3.0
    export PATH=$PWD/hub/bin:$PWD/node_modules/.bin:$PATH
    SOCKBOOK_PASSWORD=… jupyterhub

All settings are in JupyterHub's own words; what is particular to Sockbook is
Spawner, below. Measured: a user with JupyterLab and two lessons open, one of them with hosts,
takes about 240 MiB; see LIMIT.
"""

import json
import os
import pathlib
import subprocess
import sys

from dockerspawner import DockerSpawner

HERE = pathlib.Path(__file__).resolve().parent
NETWORK = os.environ.get("SOCKBOOK_NETWORK", "sockbook")
LIMIT = os.environ.get("SOCKBOOK_MEMORY", "1G")  # of a user; a cell may take 1 GiB by itself, and is ended first

c = get_config()  # noqa: F821


class Spawner(DockerSpawner):
    """Containers that allow user namespaces, and nothing else that Docker's default does not.

    As docker run --cap-drop ALL --security-opt no-new-privileges --security-opt seccomp=sockbook.json
    --security-opt systempaths=unconfined. The last two have no setting in DockerSpawner: Docker's API wants the
    profile's text and empty lists of paths.
    """

    def docker(self, method, *args, **kwargs):
        if method == "create_container":
            profile = json.dumps(json.loads((HERE / "sockbook.json").read_text()))
            kwargs["host_config"].update(
                CapDrop=["ALL"],
                SecurityOpt=["no-new-privileges", "seccomp=" + profile],
                MaskedPaths=[],
                ReadonlyPaths=[],
                PidsLimit=2048,  # threads: a process of cells may have 512
            )
        return super().docker(method, *args, **kwargs)


c.JupyterHub.spawner_class = Spawner
c.DockerSpawner.image = os.environ.get("SOCKBOOK_IMAGE", "sockbook")
c.DockerSpawner.remove = True  # the home stays
c.DockerSpawner.volumes = {"sockbook-{username}": "/home/jovyan"}
c.DockerSpawner.mem_limit = LIMIT
c.DockerSpawner.cpu_limit = 1.0
c.DockerSpawner.http_timeout = 120  # a class that comes all at once to two cores takes a minute
c.Spawner.start_timeout = 120
c.Spawner.default_url = "/lab"
c.JupyterHub.concurrent_spawn_limit = 20

# Containers reach the hub, and not each other: the network is made with enable_icc=false.
c.DockerSpawner.network_name = NETWORK
c.DockerSpawner.use_internal_ip = True
c.JupyterHub.hub_ip = subprocess.check_output(
    ["docker", "network", "inspect", "-f", "{{(index .IPAM.Config 0).Gateway}}", NETWORK], text=True
).strip()
c.JupyterHub.bind_url = os.environ.get("SOCKBOOK_URL", "http://127.0.0.1:8000")  # put a server with TLS before it

# Who may come in: one password for all to try it; a course has LTI, OAuth or PAM here.
c.JupyterHub.authenticator_class = "shared-password"
c.SharedPasswordAuthenticator.user_password = os.environ["SOCKBOOK_PASSWORD"]  # 8 characters at least
c.Authenticator.allow_all = True

# Servers that nobody uses end after an hour.
c.JupyterHub.load_roles = [
    {"name": "idle", "services": ["idle"], "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"]}
]
c.JupyterHub.services = [{"name": "idle", "command": [sys.executable, "-m", "jupyterhub_idle_culler", "--timeout=3600"]}]
