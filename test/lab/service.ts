/** What runs in the containers: "tcp:2022:ssh", "tcp:5900-7899:port", "udp:4443:echo" … */
export const SERVICE = `
import os, selectors, socket, sys

sockets = selectors.DefaultSelector()
# what is said at once, and what is answered
greetings = {"ssh": "SSH-2.0-OpenSSH_9.6p1 lab\\r\\n", "port": "{}\\n"}
answers = {"redis": b"+PONG\\r\\n"}

def listen(protocol, port, kind):
    s = socket.socket(socket.AF_INET, socket.SOCK_STREAM if protocol == "tcp" else socket.SOCK_DGRAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("", port))
    if protocol == "tcp":
        s.listen(4096)
    sockets.register(s, selectors.EVENT_READ, accept if protocol == "tcp" else echo)
    kinds[s.fileno()] = (kind, port)

def accept(s):
    connection, _ = s.accept()
    kind, port = kinds[s.fileno()]
    if kind in greetings:
        connection.send(greetings[kind].format(port).encode())
    sockets.register(connection, selectors.EVENT_READ, lambda c: answer(c, kind))

def answer(connection, kind):
    try:
        heard = connection.recv(65536)
        if heard and kind in answers:
            connection.send(answers[kind])
    except OSError:
        heard = b""
    if not heard:
        sockets.unregister(connection)
        connection.close()

def echo(s):
    text, sender = s.recvfrom(65536)
    s.sendto(text, sender)

kinds = {}
for service in sys.argv[1:]:
    protocol, ports, kind = service.split(":")
    first, _, last = ports.partition("-")
    for port in range(int(first), int(last or first) + 1):
        listen(protocol, port, kind)
open("/run/ready", "w").close()
if os.path.isdir("/services"):
    open("/services/" + socket.gethostname(), "w").close()
while True:
    for key, _ in sockets.select():
        key.data(key.fileobj)
`;
