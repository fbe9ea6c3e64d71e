"""idle.py PORT COUNT PID: opens COUNT TLS connections, each with one request and its reply, and prints the resident memory
of process PID before and with them, in kB, and how many connections it says it has: `before with open`."""
import resource
import socket
import ssl
import sys

port, count, pid = (int(a) for a in sys.argv[1:4])
resource.setrlimit(resource.RLIMIT_NOFILE, (min(count + 200, resource.getrlimit(resource.RLIMIT_NOFILE)[1]),) * 2)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
context.check_hostname = False
context.verify_mode = ssl.CERT_NONE


def resident():
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmRSS"))


def gauge(sock):
    """Clients that the bridge counts."""
    sock.sendall(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    text = b""
    while part := sock.recv(65536):
        text += part
    return next(int(line.split()[1]) for line in text.decode().splitlines() if line.startswith("citybigdata_clients "))


before, sockets = resident(), []
for number in range(count):
    try:
        plain = socket.create_connection(("127.0.0.1", port), timeout=20, source_address=(f"127.0.3.{number % 200 + 1}", 0))
        sock = context.wrap_socket(plain)
        sock.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        sock.recv(4096)
        sockets.append(sock)
    except OSError as fault:
        print(f"connection {number}: {fault}", file=sys.stderr)
        break
with_them = resident()
print(before, with_them, gauge(sockets.pop()))
