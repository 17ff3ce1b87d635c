"""The configuration that a teacher gets, as it is, with a token for the test."""

import os

c = get_config()  # noqa: F821
load_subconfig(os.path.join(os.environ["SOCKBOOK_DEPLOYED"], "jupyterhub_config.py"))  # noqa: F821
c.JupyterHub.services.append({"name": "test", "api_token": os.environ["TEST_TOKEN"]})
c.JupyterHub.load_roles.append({"name": "test", "services": ["test"], "scopes": ["admin:users", "admin:servers", "tokens", "access:servers"]})
