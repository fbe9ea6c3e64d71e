"""A message centre (SMSC) for tests and the demo: SMPP 3.4 on 127.0.0.1, with its behaviour in the test's hands.

    centre = MessageCentre()                       listens at centre.port
    centre.script = lambda short: Behaviour(...)   what it does with a part; without one BY_ENDING decides by the number's last digits
    centre.sent("13800138000")                     whole texts that came for a number
    centre.mo("13800138000", "106912345", "TD")    a reply from a handset
    centre.disconnect(), centre.stop(), centre.start()

As a program it serves the demo: message_centre.py FOLDER/settings.json, whose ports.centre and centre_password it takes (kannel.py);
each part that comes is a line of JSON in FOLDER/messages.log.
"""
import heapq
import itertools
import json
import os
import socket
import sys
import threading
import time
from dataclasses import dataclass

import smpp

# message_state of a receipt's word (SMPP 3.4, 5.2.28)
STATES = {"ENROUTE": 1, "DELIVRD": 2, "EXPIRED": 3, "DELETED": 4, "UNDELIV": 5, "ACCEPTD": 6, "UNKNOWN": 7, "REJECTD": 8}


@dataclass
class Behaviour:
    """What becomes of one part."""
    status: int = smpp.ROK       # command_status of the answer
    delay: float = 0             # seconds before the answer
    answer: bool = True          # False: the answer is lost
    close: bool = False          # the connection is cut instead of an answer
    receipts: tuple = ("DELIVRD",)  # their words, in this order; () none
    receipt_delay: float = 0.2  # seconds from the answer to the first receipt, and between receipts
    receipt_first: bool = False  # receipts come before the answer
    error: str = "000"
    submit_id: str = "{:08x}"    # the id's form in the answer, of a number
    receipt_id: str = "{:08x}"   # and in the receipt
    reply: str = ""              # a text that the handset sends back


THROTTLED_ONCE = object()

# The demo's numbers: what their last two digits mean.
BY_ENDING = {
    "99": Behaviour(receipts=("UNDELIV",), error="027"),
    "98": THROTTLED_ONCE,
    "97": Behaviour(status=smpp.RINVDSTADR),
    "96": Behaviour(receipts=("EXPIRED",), error="031"),
    "95": Behaviour(receipts=()),
    "94": Behaviour(receipts=("DELIVRD", "DELIVRD")),
    "93": Behaviour(receipt_first=True, delay=0.3),
    "92": Behaviour(delay=5),
    "91": Behaviour(reply="TD"),
    "90": Behaviour(reply="收到，马上处理"),
}


@dataclass
class Taken:
    """A part that came, and what was answered."""
    short: smpp.Short
    at: float
    status: int
    number: int  # of the message id; 0: none was given

    @property
    def text(self):
        return self.short.text


class Clock(threading.Thread):
    """Does things later, in their order."""

    def __init__(self):
        super().__init__(daemon=True)
        self.heap, self.serial, self.changed, self.ended = [], itertools.count(), threading.Condition(), False
        self.start()

    def later(self, seconds, action, *arguments):
        with self.changed:
            heapq.heappush(self.heap, (time.monotonic() + seconds, next(self.serial), action, arguments))
            self.changed.notify()

    def end(self):
        with self.changed:
            self.ended = True
            self.changed.notify()

    def run(self):
        while True:
            with self.changed:
                while not self.ended and (not self.heap or self.heap[0][0] > time.monotonic()):
                    self.changed.wait(self.heap[0][0] - time.monotonic() if self.heap else None)
                if self.ended:
                    return
                _, _, action, arguments = heapq.heappop(self.heap)
            try:
                action(*arguments)
            except OSError:
                pass  # of a connection that has gone


class Session(threading.Thread):
    """One connection of an ESME."""

    def __init__(self, centre, sock):
        super().__init__(daemon=True)
        self.centre, self.sock, self.lock, self.bound = centre, sock, threading.Lock(), 0
        self.sequence, self.waiting = itertools.count(1), {}
        self.file = sock.makefile("rb")

    def send(self, pdu):
        with self.lock:
            self.sock.sendall(pdu.bytes())

    def close(self):
        try:
            self.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.sock.close()

    def deliver(self, short, answered=None):
        """A deliver_sm; `answered` is told the status of its answer."""
        number = next(self.sequence)
        if answered is not None:
            self.waiting[number] = answered
        self.send(smpp.Pdu(smpp.DELIVER_SM, sequence=number, body=short.body()))

    def _read(self, count):
        data = self.file.read(count)
        if len(data) < count:
            raise EOFError
        return data

    def run(self):
        try:
            while True:
                self.take(smpp.read_pdu(self._read))
        except (EOFError, OSError, ValueError, smpp.Malformed):
            pass
        finally:
            self.centre.ended(self)
            self.close()

    def take(self, pdu):
        if pdu.command in smpp.BINDS:
            self.bind(pdu)
        elif pdu.command == smpp.ENQUIRE_LINK:
            self.answer(pdu)
        elif pdu.command == smpp.UNBIND:
            self.answer(pdu)
            raise EOFError
        elif pdu.command == smpp.SUBMIT_SM and self.bound in (smpp.BIND_TRANSMITTER, smpp.BIND_TRANSCEIVER):
            self.centre.submit(self, pdu)
        elif pdu.command == smpp.DELIVER_SM | smpp.RESPONSE:
            answered = self.waiting.pop(pdu.sequence, None)
            if answered is not None:
                answered(pdu.status)
        elif not pdu.command & smpp.RESPONSE:
            self.send(smpp.Pdu(smpp.GENERIC_NACK, smpp.RINVCMDID, pdu.sequence))

    def answer(self, pdu, status=smpp.ROK, body=b""):
        self.send(smpp.Pdu(pdu.command | smpp.RESPONSE, status, pdu.sequence, body))

    def bind(self, pdu):
        reader = smpp.Reader(pdu.body)
        if (reader.string(), reader.string()) != self.centre.credentials:
            self.answer(pdu, smpp.RBINDFAIL)
            return
        self.bound = pdu.command
        self.answer(pdu, body=smpp.cstring("CENTRE"))
        self.centre.began(self)


class MessageCentre:
    """The centre. All times in seconds; every method may be called from any thread."""

    def __init__(self, port=0, user="city", password="smpppw", log=None):
        self.credentials, self.log, self.script = (user, password), log, None
        self.port, self.listener = port, None
        self.taken, self.sessions, self.changed = [], [], threading.Condition()
        self.numbers, self.references, self.throttled = itertools.count(1), itertools.count(1), set()
        self.clock = Clock()
        self.start()

    # ---- life ----
    def start(self):
        """Listens (again), at the same port."""
        self.listener = socket.create_server(("127.0.0.1", self.port), backlog=16)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(self.listener,), daemon=True).start()

    def _accept(self, listener):
        while True:
            try:
                sock, _ = listener.accept()
            except OSError:
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            Session(self, sock).start()

    def disconnect(self):
        """Cuts every connection."""
        with self.changed:
            sessions = list(self.sessions)
        for session in sessions:
            session.close()

    def stop(self):
        """Listens no more and cuts every connection; start() goes on."""
        listener, self.listener = self.listener, None
        if listener is not None:
            listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        self.disconnect()

    def close(self):
        self.stop()
        self.clock.end()

    def began(self, session):
        with self.changed:
            self.sessions.append(session)
            self.changed.notify_all()

    def ended(self, session):
        with self.changed:
            if session in self.sessions:
                self.sessions.remove(session)
            self.changed.notify_all()

    def deliver(self, short, answered=None):
        """Over the newest connection; half a second later while there is none."""
        with self.changed:
            session = self.sessions[-1] if self.sessions else None
        try:
            if session is not None:
                session.deliver(short, answered)
                return
        except OSError:
            pass
        self.clock.later(0.5, self.deliver, short, answered)

    def wait_bound(self, timeout=30):
        """A connection that is bound."""
        with self.changed:
            assert self.changed.wait_for(lambda: self.sessions, timeout), "nobody has bound"
            return self.sessions[-1]

    # ---- what comes ----
    def behaviour(self, short):
        """Of a part: the script's, else that of the number's ending."""
        found = self.script(short) if self.script is not None else None
        if found is None:
            found = BY_ENDING.get(short.destination[-2:], Behaviour())
        if found is not THROTTLED_ONCE:
            return found
        with self.changed:
            first = short.destination not in self.throttled
            self.throttled.add(short.destination)
        return Behaviour(status=smpp.RTHROTTLED) if first else Behaviour()

    def submit(self, session, pdu):
        short = smpp.read_short(pdu.body)
        does = self.behaviour(short)
        number = next(self.numbers) if does.status == smpp.ROK else 0
        with self.changed:
            self.taken.append(Taken(short, time.monotonic(), does.status, number))
            self.changed.notify_all()
        self.write(short, does, number)
        if does.close:
            session.close()
            return
        wanted = number and short.registered & 3
        first = 0 if does.receipt_first else does.delay + does.receipt_delay
        if does.answer:
            body = smpp.cstring(does.submit_id.format(number)) if number else b""
            if does.delay:
                self.clock.later(does.delay, session.answer, pdu, does.status, body)
            else:
                session.answer(pdu, does.status, body)
        for place, word in enumerate(does.receipts if wanted else ()):
            self.clock.later(first + place * does.receipt_delay, self.receipt, short, number, word, does)
        if does.reply and number and short.part == short.parts:
            self.clock.later(does.delay + 0.1, self.mo, short.destination, short.source, does.reply)

    def write(self, short, does, number):
        if self.log is None:
            return
        self.log.write(json.dumps({"to": short.destination, "from": short.source, "part": short.part, "parts": short.parts, "text": short.text,
                                   "status": does.status, "id": number}, ensure_ascii=False) + "\n")
        self.log.flush()

    # ---- what goes out ----
    def receipt(self, short, number, word, does=Behaviour()):
        """The receipt of a part, as SMPP 3.4 appendix B writes it."""
        stamp = time.strftime("%y%m%d%H%M", time.gmtime())
        good = word == "DELIVRD"
        identity = does.receipt_id.format(number)
        text = (f"id:{identity} sub:001 dlvrd:{'001' if good else '000'} submit date:{stamp} done date:{stamp} stat:{word} err:{does.error} text:")
        self.deliver(smpp.Short(short.destination, short.source, text.encode("ascii"), esm_class=smpp.ESM_RECEIPT, options={
            smpp.RECEIPTED_ID: smpp.cstring(identity), smpp.MESSAGE_STATE: bytes([STATES[word]])}))

    def mo(self, source, destination, text, sar=False, wait=None):
        """A message from a handset; with `wait` the statuses of the answers to its parts are given, within so many seconds."""
        parts = smpp.split(source, destination, text, next(self.references) & 255, sar)
        statuses, done = [], threading.Event()

        def answered(status):
            statuses.append(status)
            if len(statuses) == len(parts):
                done.set()
        for short in parts:
            self.deliver(short, answered)
        if wait is None:
            return None
        assert done.wait(wait), f"{len(statuses)} of {len(parts)} parts were answered"
        return statuses

    # ---- for tests ----
    def of(self, destination, accepted=True):
        """The parts that came for a number, as they came."""
        with self.changed:
            return [t for t in self.taken if t.short.destination.endswith(destination) and (t.number or not accepted)]

    def sent(self, destination):
        """Whole texts that came for a number, in order of their last part."""
        texts, open_parts = [], {}
        for taken in self.of(destination):
            short = taken.short
            parts = open_parts.setdefault((short.reference, short.parts), {})
            parts[short.part] = short.data
            if len(parts) == short.parts:
                texts.append(smpp.decode(b"".join(parts[n] for n in sorted(parts)), short.coding))
                del open_parts[(short.reference, short.parts)]
        return texts

    def wait_parts(self, count, timeout=30, accepted=True):
        """At least so many parts have come."""
        with self.changed:
            enough = self.changed.wait_for(lambda: sum(1 for t in self.taken if t.number or not accepted) >= count, timeout)
            assert enough, f"{len(self.taken)} of {count} parts came"
            return list(self.taken)

    def forget(self):
        """Forgets what came, and the script."""
        with self.changed:
            self.taken.clear()
            self.throttled.clear()
            self.script = None




def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        settings = json.load(file)
    log = os.open(os.path.join(os.path.dirname(sys.argv[1]), "messages.log"), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with open(log, "w", encoding="utf-8") as out:
        MessageCentre(settings["ports"]["centre"], password=settings["centre_password"], log=out)
        while True:
            time.sleep(3600)


if __name__ == "__main__":
    main()
