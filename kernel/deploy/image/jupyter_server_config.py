# JupyterLab in the image. A file ~/.jupyter/jupyter_server_config.py comes after this one.
import os

c = get_config()  # noqa: F821
c.ServerApp.ip = "0.0.0.0"  # of the container; what reaches it is docker run's -p to say
c.ServerApp.port = 8888
c.ServerApp.port_retries = 0
c.ServerApp.open_browser = False
c.ServerApp.root_dir = os.environ.get("HOME", "/")
c.KernelSpecManager.ensure_native_kernel = False
c.MultiKernelManager.default_kernel_name = "sockbook"
c.FileContentsManager.delete_to_trash = False
if os.path.isdir(os.path.join(c.ServerApp.root_dir, "sockbook", "00-start")):
    c.LabApp.default_url = "/lab/tree/sockbook/00-start/lesson.ipynb"
