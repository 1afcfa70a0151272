"""Whether the passwords that were made once can still be read."""

import json

from deploy.doctor.finding import Finding, broken, poor, well
from deploy.provision.passwords import load_passwords
from deploy.refusal import RefusedError
from deploy.site import Site

CHECK, NAME = "passwords", "口令文件"
FILE = "passwords.json"


def passwords(site: Site) -> Finding:
    """Look at the file of passwords, and make none."""
    file = site.data / FILE
    try:
        if not file.exists():
            return well(CHECK, NAME, "还没有，首次启动时生成")
        load_passwords(site.data, [], site.environment)
        load_passwords(site.data, json.loads(file.read_text(encoding="utf-8")), {})
    except RefusedError as error:
        return broken(CHECK, NAME, error.message, error.fix)
    except OSError as error:
        return broken(CHECK, NAME, f"{file} 读不出来：{error.strerror}。", "请核对它的权限。")
    if file.stat().st_mode & 0o077:
        return poor(CHECK, NAME, f"{file} 可由他人读取。", f"请执行 chmod 600 {file}。")
    return well(CHECK, NAME, str(file))
