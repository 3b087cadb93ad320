"""What the comparisons share: processes and what they cost, peers, interleaved rounds, the table. Standard library only."""

import argparse
import contextlib
import ctypes
import datetime
import json
import os
import platform
import pwd
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

REPOSITORY = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PUBLISHED = os.path.join(REPOSITORY, "src/WireGuardian.Server/bin/Release/published")
SERVER = os.path.join(PUBLISHED, "wireguardian.dll")
RESULTS = os.path.join(REPOSITORY, "bench/RESULTS.md")
LIBC = ctypes.CDLL(None)

# The streamed table: ten columns, the three text columns with rules among them. WireGuardian masks; the others relay.
MASKED = ["email", "ssn", "phone"]
STREAM_SQL = "select * from people"

# WireGuardian again, with detectors: for the stream alone.
DETECTING = "with detectors"

# The just-in-time compiler takes up a loop once it has been called thirty times, and is done with it a second later.
WARM_STREAMS = 5


# --- Processes -------------------------------------------------------------------------------------------------------------------------


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def unprivileged(preferred):
    """The user that servers run as: they refuse to be root."""
    if os.geteuid() != 0:
        return None
    for name in (preferred, "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise SystemExit(f"neither a user {preferred} nor nobody exists")


def as_user(user):
    """What to put before a command so that it runs as this user."""
    return [] if user is None else ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", "--"]


class Daemon:
    """A server in the foreground, as an unprivileged user where that is needed, that dies with this script."""

    def __init__(self, name, command, folder, user=None, env=None):
        self.name = name
        self.log = os.path.join(folder, f"{name}.log")

        def before_exec():
            if user is not None:
                os.setgroups([])
                os.setgid(user.pw_gid)
                os.setuid(user.pw_uid)
            LIBC.prctl(1, signal.SIGQUIT)  # PR_SET_PDEATHSIG

        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                command, cwd="/tmp", stdin=subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=before_exec, env=env)

    @property
    def pid(self):
        return self.process.pid

    def cpu_seconds(self):
        """User and system time of all threads of the process, the ended ones too. /proc counts it in steps of 10 ms, the clock in ns."""
        clock = ctypes.c_int()
        if LIBC.clock_getcpuclockid(self.pid, ctypes.byref(clock)) != 0:
            raise SystemExit(f"{self.name} has ended, see {self.log}")
        return time.clock_gettime(clock.value)

    def memory_kib(self):
        """Resident and proportional set size, in KiB."""
        figures = {}
        with open(f"/proc/{self.pid}/smaps_rollup", encoding="ascii") as rollup:
            for line in rollup:
                name, _, rest = line.partition(":")
                if name in ("Rss", "Pss"):
                    figures[name] = int(rest.split()[0])
        return figures["Rss"], figures["Pss"]

    def wait_for_port(self, port, seconds=60):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                return
            time.sleep(0.05)
        with open(self.log, encoding="utf-8", errors="replace") as log:
            raise SystemExit(f"{self.name} did not start:\n{log.read()[-4000:]}")

    def wait_for_log(self, text, seconds=60):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.process.poll() is None:
            with open(self.log, encoding="utf-8", errors="replace") as log:
                if text in log.read():
                    return
            time.sleep(0.05)
        raise SystemExit(f"{self.name} did not start, see {self.log}")

    def stop(self, how=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(how)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


@contextlib.contextmanager
def scratch(user):
    """A folder that this user may write, and a stack of what has to be stopped, both gone afterwards."""
    # SIGTERM ends as Ctrl-C does: through the stack.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with contextlib.ExitStack() as stack:
        folder = tempfile.mkdtemp(prefix="wireguardian-bench-", dir="/tmp")
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        os.chmod(folder, 0o755)
        if user:
            os.chown(folder, user.pw_uid, user.pw_gid)
        yield folder, stack


def install(*needs):
    """Pairs of a shell test and the Debian package that makes it true."""
    needs = " ".join(f"need '{test}' {package};" for test, package in needs)
    if subprocess.run(["bash", "-c", f". {REPOSITORY}/tests/debian-packages.sh; {needs} install_missing"], check=False).returncode != 0:
        raise SystemExit(1)


def build():
    """As the Dockerfile does: compiled ahead of time, or the just-in-time compiler's work is in the figures of the first minutes."""
    subprocess.run(
        ["dotnet", "publish", os.path.join(REPOSITORY, "src/WireGuardian.Server"), "-c", "Release", "-o", PUBLISHED, "--use-current-runtime",
         "--self-contained", "false", "-p:PublishReadyToRun=true", "-v", "quiet", "-nodeReuse:false"], check=True)


# --- Peers -----------------------------------------------------------------------------------------------------------------------------


class Peer:
    """One way to the server: a port, and the process on the way, if there is one."""

    def __init__(self, name, port, daemon=None):
        self.name, self.port, self.daemon = name, port, daemon
        self.samples = {}

    def cpu(self):
        return self.daemon.cpu_seconds() if self.daemon else 0.0

    def add(self, key, value):
        self.samples.setdefault(key, []).append(value)

    def median(self, key):
        values = self.samples.get(key)
        return statistics.median(values) if values else None


def start_haproxy(folder, upstream, user, stack):
    port = free_port()
    path = os.path.join(folder, "haproxy.cfg")
    with open(path, "w", encoding="ascii") as file:
        file.write(f"""global
  maxconn 5000
  nbthread 1
defaults
  mode tcp
  timeout connect 5s
  timeout client 1h
  timeout server 1h
listen database
  bind 127.0.0.1:{port}
  server one 127.0.0.1:{upstream}
""")
    daemon = Daemon("haproxy", [shutil.which("haproxy", path="/usr/sbin:/usr/bin"), "-db", "-f", path], folder, user)
    stack.callback(daemon.stop)
    daemon.wait_for_port(port)
    return Peer("haproxy", port, daemon)


def start_wireguardian(folder, protocol, upstream, schema, stack, detects=False):
    """With masks on the streamed table, a rule that holds, audit and metrics; and all detectors over whatever is not masked."""
    port, control, metrics = free_port(), free_port(), free_port()
    name = "detecting" if detects else "wireguardian"
    home = os.path.join(folder, name)
    os.mkdir(home)
    path = os.path.join(home, "config.yaml")
    columns = ", ".join(f'"{schema}.people.{name}"' for name in MASKED)
    with open(path, "w", encoding="ascii") as file:
        file.write(f"""dataDirectory: "{home}/data"
control: {{ listen: "127.0.0.1:{control}" }}
metrics: {{ listen: "127.0.0.1:{metrics}" }}
listeners:
  - name: bench
    protocol: {protocol}
    listen: "127.0.0.1:{port}"
    upstream: "127.0.0.1:{upstream}"
    catalog: {{ username: guardian, password: guardian }}
masking:
  - {{ name: identity, columns: [{columns}], with: redact }}
{"detection: [{ name: everything }]" if detects else ""}
approvals:
  - {{ name: schema-changes, kinds: [ddl, privilege], action: hold }}
operators:
  - {{ name: dana, token: bench-token }}
""")
    daemon = Daemon(name, ["dotnet", SERVER, "serve", "--config", path], folder, env={**os.environ, "DOTNET_NOLOGO": "1"})
    stack.callback(daemon.stop)
    daemon.wait_for_port(port)
    return Peer(DETECTING if detects else "WireGuardian", port, daemon)


# --- Workloads -------------------------------------------------------------------------------------------------------------------------


def rounds(peers, count, workloads):
    """Every workload for every peer, that many times, in another order each round: nobody always runs behind the same neighbour."""
    for number in range(count):
        turn = peers[number % len(peers):] + peers[:number % len(peers)]
        for workload in workloads:
            for peer in turn:
                workload(peer)
        print(f"round {number + 1} of {count} done", flush=True)


def drain(connection, request, is_end):
    """Sends a request and counts bytes until is_end(total, tail). Gives seconds, bytes, the first and the last of them."""
    connection.settimeout(300)
    buffer = bytearray(1 << 20)
    started = time.monotonic()
    connection.sendall(request)
    total, tail, first = 0, b"", b""
    while not is_end(total, tail):
        count = connection.recv_into(buffer)
        if count == 0:
            raise SystemExit("the stream ended early")
        total += count
        if len(first) < 2000:
            first += bytes(buffer[:count])[:2000]
        tail = (tail + bytes(buffer[max(0, count - 64):count]))[-64:]
    return time.monotonic() - started, total, first, tail


def run_stream(peer, stream):
    """One stream, given by stream(port) as drain() gives it; returns its bytes and its tail, to be checked for wholeness."""
    before = peer.cpu()
    seconds, size, first, tail = stream(peer.port)
    peer.add("stream cpu", peer.cpu() - before)
    peer.add("stream seconds", seconds)
    peer.add("stream MB/s", size / seconds / 1e6)
    leaked = b"@example.org" in first
    if leaked == (peer.name in ("WireGuardian", DETECTING)):
        raise SystemExit(f"through {peer.name} the e-mail addresses were {'not ' if leaked else ''}masked")
    return size, tail


def idle_memory(peer, log_in, connections):
    """How much the process grows by idle connections, in KiB each."""
    if not peer.daemon:
        return
    # One first, so that what is made once (pools, catalog) does not count.
    log_in(peer.port, "idle").close()
    time.sleep(0.5)
    rss, pss = peer.daemon.memory_kib()
    held = [log_in(peer.port, "idle") for _ in range(connections)]
    time.sleep(1)
    rss_after, pss_after = peer.daemon.memory_kib()
    for connection in held:
        connection.close()
    peer.add("idle rss", (rss_after - rss) / connections)
    peer.add("idle pss", (pss_after - pss) / connections)
    peer.add("rss MB", rss_after / 1024)
    time.sleep(1)


# --- Report ----------------------------------------------------------------------------------------------------------------------------

FIGURES = [
    ("transactions/s", "tps", "{:,.0f}"),
    ("p50 latency, µs", "p50", "{:,.0f}"),
    ("p99 latency, µs", "p99", "{:,.0f}"),
    ("proxy CPU per transaction, µs", "cpu", "{:.1f}"),
]

ROWS = [
    ("stream: seconds", "stream seconds", "{:.2f}"),
    ("stream: MB/s", "stream MB/s", "{:,.0f}"),
    ("stream: proxy CPU per run, s", "stream cpu", "{:.3f}"),
    ("idle connection: RSS, KiB each", "idle rss", "{:.1f}"),
    ("idle connection: PSS, KiB each", "idle pss", "{:.1f}"),
    ("RSS with all idle connections, MB", "rss MB", "{:.0f}"),
]


def report(peers, rival, workloads, server, options):
    """The table.

    peers: all, the one named direct among them. rival: the name of the one that WireGuardian is divided by. workloads: pairs of a key, under which samples
    "KEY tps", "KEY p50" … were added, and its title. server: name and version. options: as parse_options() gave them.
    """
    lines = [
        f"Machine: {platform.machine()}, {os.cpu_count()} cores, {cpu_model()}; {os_name()}, Linux {platform.release()}, {server}. "
        f"{options.rounds} interleaved rounds of {options.seconds} s, medians; stream: {options.rows:,} rows × 10 columns, "
        f"in WireGuardian three of them masked; {options.idle:,} idle connections.",
        "",
        "| | " + " | ".join(peer.name for peer in peers) + f" | WireGuardian ÷ {rival} |",
        "|---|" + "---:|" * (len(peers) + 1),
    ]
    by_name = {peer.name: peer for peer in peers}
    ours, theirs, direct = by_name.get("WireGuardian"), by_name.get(rival), by_name["direct"]

    def ratio(mine, other):
        return f"{mine / other:.2f} ×" if mine is not None and other else "–"

    rows = [(f"{title}: {figure}", f"{key} {name}", form) for key, title in workloads for figure, name, form in FIGURES]
    for title, key, form in rows + ROWS:
        cells = []
        for peer in peers:
            value = peer.median(key)
            proxy_only = key.endswith("cpu") or key.startswith(("idle", "rss"))
            cells.append("–" if value is None or (proxy_only and not peer.daemon) else form.format(value))
        lines.append(f"| {title} | " + " | ".join(cells) + f" | {ratio(ours and ours.median(key), theirs and theirs.median(key))} |")
    for key, title in workloads:
        added = {peer.name: peer.median(f"{key} p50") - direct.median(f"{key} p50") for peer in peers if peer.daemon and peer.median(f"{key} p50")}
        cells = [f"{added[peer.name]:.0f}" if peer.name in added else "–" for peer in peers]
        lines.append(f"| {title}: added p50, µs | " + " | ".join(cells) + f" | {ratio(added.get('WireGuardian'), added.get(rival))} |")
    if ours and DETECTING in by_name:
        detecting = by_name[DETECTING]
        spent, elapsed = (ratio(detecting.median(key), ours.median(key)) for key in ("stream cpu", "stream seconds"))
        lines += ["", f"The stream with all detectors on ÷ without: CPU {spent}, seconds {elapsed}."]
    return "\n".join(lines)


def cpu_model():
    with open("/proc/cpuinfo", encoding="utf-8") as info:
        return next((line.split(":", 1)[1].strip() for line in info if line.startswith("model name")), "unknown CPU")


def os_name():
    with open("/etc/os-release", encoding="utf-8") as release:
        return next((line.split("=", 1)[1].strip().strip('"') for line in release if line.startswith("PRETTY_NAME")), "Linux")


def write_results(database, text):
    commit = subprocess.run(["git", "-C", REPOSITORY, "rev-parse", "--short", "HEAD"], text=True, capture_output=True, check=False).stdout.strip()
    heading = f"## {database} side by side, {datetime.date.today().isoformat()}" + (f", {commit}" if commit else "")
    old = ""
    if os.path.exists(RESULTS):
        with open(RESULTS, encoding="utf-8") as file:
            old = file.read()
    title = "# Results\n"
    with open(RESULTS, "w", encoding="utf-8") as file:
        file.write(f"{title}\n{heading}\n\n`bench/{os.path.basename(sys.argv[0])}`, newest first.\n\n{text}\n" + old.removeprefix(title))
    print(f"written to {os.path.relpath(RESULTS)}")


def finish(peers, database, text, options):
    print("\n" + text + "\n")
    if options.json:
        print(json.dumps({peer.name: peer.samples for peer in peers}))
    if options.write:
        write_results(database, text)


def parse_options(doc, known, idle):
    """The command line. known: names of peers, direct first. idle: how many idle connections unless told."""
    parser = argparse.ArgumentParser(description=doc.split("\n\n")[0], epilog=doc.split("\n\n", 1)[1])
    parser.add_argument("--rounds", type=int, default=5, help="interleaved rounds (5)")
    parser.add_argument("--seconds", type=int, default=10, help="seconds per run of transactions (10)")
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows of the streamed table (1,000,000)")
    parser.add_argument("--idle", type=int, default=idle, help=f"idle connections ({idle:,})")
    parser.add_argument("--quick", action="store_true", help="one round of 3 s, 100,000 rows, 200 connections: to see that it works")
    parser.add_argument("--peers", default=",".join(known), help=f"which of {','.join(known)}")
    parser.add_argument("--write", action="store_true", help="add the table to bench/RESULTS.md")
    parser.add_argument("--json", action="store_true", help="print every sample as JSON too")
    options = parser.parse_args()
    if options.quick:
        options.rounds, options.seconds, options.rows, options.idle = 1, 3, 100_000, 200
    options.peers = [name for name in options.peers.split(",") if name]
    if "direct" not in options.peers or not set(options.peers) <= set(known):
        parser.error(f"--peers needs direct, and knows {', '.join(known[1:])}")
    return options


def percentile(sorted_values, share):
    return sorted_values[min(len(sorted_values) - 1, int(share * len(sorted_values)))]
