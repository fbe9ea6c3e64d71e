"""idle.py PORT COUNT PID: opens COUNT TLS connections, and prints the resident memory of
process PID before and with them, in kB: `before with open`."""
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


before, sockets = resident(), []
for number in range(count):
    try:
        plain = socket.create_connection(("127.0.0.1", port), timeout=20, source_address=(f"127.0.3.{number % 200 + 1}", 0))
        sockets.append(context.wrap_socket(plain))
    except OSError as fault:
        print(f"connection {number}: {fault}", file=sys.stderr)
        break
print(before, resident(), len(sockets))
