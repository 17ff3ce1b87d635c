"""pod.py VALUES: the pod that KubeSpawner makes of values for Zero to JupyterHub, as JSON.

Values become settings as in the chart's files/hub/jupyterhub_config.py, those of them that the file has. A value that is
not known here ends it: it would not be looked at.
"""

import asyncio
import json
import sys
from types import SimpleNamespace

import kubespawner.spawner
import yaml
from kubernetes_asyncio.client import ApiClient
from kubespawner import KubeSpawner
from traitlets.config import Config

# singleuser.KEY: the trait that the chart sets; None: one that makes no difference to this pod.
TRAITS = {
    "uid": "uid", "fsGid": "fs_gid", "startTimeout": "start_timeout", "defaultUrl": "default_url",
    "allowPrivilegeEscalation": "allow_privilege_escalation", "extraPodConfig": "extra_pod_config",
    "memory.guarantee": "mem_guarantee", "memory.limit": "mem_limit", "cpu.guarantee": "cpu_guarantee", "cpu.limit": "cpu_limit",
    "image.name": "image", "image.tag": None, "storage.homeMountPath": None, "storage.capacity": "storage_capacity",
    "networkPolicy.enabled": None,
}
GROUPS = {"image", "memory", "cpu", "storage", "networkPolicy"}


def main():
    with open(sys.argv[1]) as f:
        values = yaml.safe_load(f)
    c = Config()
    for key, value in values["singleuser"].items():
        for key, value in [(f"{key}.{k}", v) for k, v in value.items()] if key in GROUPS else [(key, value)]:
            trait = TRAITS[key]
            if trait and trait not in KubeSpawner.class_traits():
                sys.exit(f"KubeSpawner has no {trait}")
            if trait:
                c.KubeSpawner[trait] = value
    for text in values["hub"]["extraConfig"].values():
        exec(text, {"c": c})
    unknown = set(c.KubeSpawner) - set(KubeSpawner.class_traits())
    if unknown:
        sys.exit(f"KubeSpawner has no {unknown}")
    kubespawner.spawner.load_config = lambda **_: None  # there is no cluster
    print(json.dumps(asyncio.run(pod(c))))


async def pod(config):
    hub = SimpleNamespace(public_host="", url="http://hub:8081", base_url="/hub/", api_url="http://hub:8081/hub/api", server=None)
    spawner = KubeSpawner(config=config, hub=hub, _mock=True)
    spawner.api_token = "x"
    return ApiClient().sanitize_for_serialization(await spawner.get_pod_manifest())


main()
