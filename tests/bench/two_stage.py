# SPDX-License-Identifier: MIT
"""The two-stage deploy as a plain Python script: try the update, create what that does not find.

    two_stage.py FILE...        with OPENWEBUI_URL and OPENWEBUI_API_KEY

This is what owup is compared with: no check, no look, no lock, a new connection for each request.
"""

import json
import os
import re
import sys
from pathlib import Path

import requests


def read_metadata(content):
    """The `key: value` lines of the docstring that the file begins with."""
    docstring = re.match(r'"""\n(.*?)"""', content, re.DOTALL)
    pairs = re.findall(r"^([a-z_]+):\s*(.*?)\s*$", docstring[1] if docstring else "", re.MULTILINE)
    return dict(pairs)


def build_payload(path):
    """The body that both endpoints take."""
    content = path.read_text(encoding="utf-8")
    metadata = read_metadata(content)
    title = metadata.get("title", path.stem)
    manifest = {"type": "filter", "title": title, **metadata}
    return {
        "id": path.stem,
        "name": title,
        "meta": {"description": metadata.get("description", ""), "manifest": manifest, "type": "filter"},
        "content": content,
    }


def deploy(url, headers, path):
    """Update, then create; True where one of them was answered with 200."""
    payload = build_payload(path)
    title = payload["name"]
    print(f"📦 Deploying filter '{title}'...")
    update = f"{url}/api/v1/functions/id/{payload['id']}/update"
    answer = requests.post(update, headers=headers, data=json.dumps(payload), timeout=10)
    if answer.status_code == 200:
        print(f"✅ Successfully updated '{title}' filter!")
        return True
    print(f"⚠️ Update failed with status {answer.status_code}, attempting to create instead...")
    create = f"{url}/api/v1/functions/create"
    answer = requests.post(create, headers=headers, data=json.dumps(payload), timeout=10)
    if answer.status_code == 200:
        print(f"✅ Successfully created '{title}' filter!")
        return True
    print(f"❌ Failed to update or create. Status: {answer.status_code}\n   Error: {answer.text}")
    return False


def main():
    """Deploys every file named, one after the other."""
    url = os.environ["OPENWEBUI_URL"]
    headers = {
        "Authorization": f"Bearer {os.environ['OPENWEBUI_API_KEY']}",
        "Content-Type": "application/json",
    }
    done = [deploy(url, headers, Path(name)) for name in sys.argv[1:]]
    sys.exit(0 if all(done) else 1)


if __name__ == "__main__":
    main()
