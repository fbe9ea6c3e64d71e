"""A relay in front of the test database: a network that stands still, forgets connections or refuses them."""
import contextlib
import os
import shutil
import socket
import struct
import tempfile
import threading


class Relay:
    """Listens on a socket of its own and passes everything on to the platform's database, until told otherwise.

    hang():    like a machine that is stopped: connections are accepted by the kernel, nothing is passed on any more
    forget():  like a firewall that lost its table: nothing more of the connections there are, new ones work
    refuse():  connections end, and new ones are refused
    mute():    nothing more of what the server answers on the connections there are
    go_on():   everything works again; what was swallowed is lost
    limit:     so many connections at a time, further ones are refused as by a full server (53300)
    """

    def __init__(self, platform, tcp=False):
        self.target = os.path.join(platform.env["PGHOST"], f".s.PGSQL.{platform.env['PGPORT']}")
        self.folder = tempfile.mkdtemp(prefix="cbd.", dir="/tmp")  # a socket's path is short
        os.chmod(self.folder, 0o755)
        self.tcp = tcp
        self.port = "5432"
        self.open = threading.Event()  # passes on
        self.open.set()
        self.generation = 0
        self.quiet = set()  # server's ends whose answers are swallowed
        self.limit = None
        self.live = 0
        self.lock = threading.Lock()
        self.pairs = []
        self.listener = None
        self.listen()

    def listen(self):
        if self.tcp:
            self.listener = socket.create_server(("127.0.0.1", 0 if self.port == "5432" else int(self.port)))
            self.port = str(self.listener.getsockname()[1])
        else:
            path = os.path.join(self.folder, f".s.PGSQL.{self.port}")
            with contextlib.suppress(FileNotFoundError):
                os.remove(path)
            self.listener = socket.socket(socket.AF_UNIX)
            self.listener.bind(path)
            os.chmod(path, 0o777)
            self.listener.listen(128)
        threading.Thread(target=self.accept, args=(self.listener,), daemon=True).start()

    @property
    def host(self):
        return "127.0.0.1" if self.tcp else self.folder

    def accept(self, listener):
        while True:
            try:
                front, _ = listener.accept()
            except OSError:
                return
            self.open.wait()
            if self.limit is not None and self.live >= self.limit:
                threading.Thread(target=self.full, args=(front,), daemon=True).start()
                continue
            back = socket.socket(socket.AF_UNIX)
            try:
                back.connect(self.target)
            except OSError:
                front.close()
                continue
            self.pairs.append((front, back))
            with self.lock:
                self.live += 1
            for source, sink, answers in ((front, back, False), (back, front, True)):
                threading.Thread(target=self.pump, args=(source, sink, answers, self.generation), daemon=True).start()

    @staticmethod
    def full(front):
        """What a server without a free connection says to a start-up packet."""
        fields = b"SFATAL\0VFATAL\0C53300\0Msorry, too many clients already\0\0"
        with contextlib.suppress(OSError), front:
            front.recv(65536)
            front.sendall(b"E" + struct.pack("!i", len(fields) + 4) + fields)

    def pump(self, source, sink, answers, generation):
        try:
            while True:
                data = source.recv(65536)
                self.open.wait()
                if generation < self.generation:
                    return  # forgotten: neither passed on nor closed
                if not data:
                    break
                if source not in self.quiet:
                    sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass
        finally:
            if not answers:
                with self.lock:
                    self.live -= 1

    def hang(self):
        self.open.clear()

    def forget(self):
        self.generation += 1

    def mute(self):
        self.quiet = {back for _, back in self.pairs}

    def refuse(self):
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.cut()

    def cut(self):
        """Ends all connections."""
        for pair in self.pairs:
            for end in pair:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
                end.close()
        self.pairs.clear()

    def go_on(self):
        self.open.set()
        if self.listener.fileno() < 0:
            self.listen()

    def remove(self):
        self.open.set()
        self.refuse()
        shutil.rmtree(self.folder)


@contextlib.contextmanager
def relay(platform, **more):
    one = Relay(platform, **more)
    try:
        yield one
    finally:
        one.remove()


def through(*relays, more=""):
    """A connection string by way of these relays, in their order."""
    return (f"host='{','.join(r.host for r in relays)}' port='{','.join(r.port for r in relays)}' "
            f"dbname=citybigdata user=citybigdata_bridge {more}")
