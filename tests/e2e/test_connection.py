"""https to a port that speaks none."""

import socket
import threading

import pytest


@pytest.mark.parametrize("answer, hint", [(b"HTTP/1.1 400 Bad Request\r\n\r\n", "No TLS"), (b"", "Perhaps no TLS")])
def test_https_to_a_port_without_tls(owup, make, answer, hint):
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            client.recv(10000)
            client.sendall(answer)
            client.close()

    threading.Thread(target=serve, daemon=True).start()
    host = f"127.0.0.1:{listener.getsockname()[1]}"
    environment = {"OPENWEBUI_API_KEY": "sk-123456", "OPENWEBUI_URL": f"https://{host}"}
    ran = owup("deploy", make().file, env=environment)
    listener.close()
    assert ran.status == 4 and f"{hint} is spoken there; try http://{host}" in ran.text, ran
