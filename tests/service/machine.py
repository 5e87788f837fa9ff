"""A machine that is booted by systemd, in namespaces of its own: nothing of the real one can be written by it.

`boot.sh` lays it out: Debian's /usr and the interpreter of the tests with its libraries, read only; its /var/lib is a
folder of the test's; all else is in memory and gone at the end. It shares the network of the real machine, so that
servers on loopback can be reached.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

ROOT = Path(__file__).parent.parent.parent
SYSTEMD = Path("/lib/systemd/systemd")
_TOOLS = ("unshare", "nsenter", "setpriv", "dbus-daemon", "systemd-run", "script", "ip")
_NAMESPACES = ("--mount", "--pid", "--uts", "--ipc", "--fork", "--kill-child")
_ENTER = ("--mount", "--pid", "--uts", "--ipc", "--cgroup", "--root", "--wdns=/")
_ENVIRONMENT = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin", "TERM": "dumb", "LANG": "C.UTF-8"}

# What belongs to hardware, to the kernel as a whole or to people at a keyboard.
_MASKED = (
    "dev-hugepages.mount",
    "getty.target",
    "kmod-static-nodes.service",
    "proc-sys-fs-binfmt_misc.automount",
    "sys-fs-fuse-connections.mount",
    "sys-kernel-config.mount",
    "sys-kernel-debug.mount",
    "sys-kernel-tracing.mount",
    "systemd-binfmt.service",
    "systemd-firstboot.service",
    "systemd-journald-audit.socket",
    "systemd-logind.service",
    "systemd-modules-load.service",
    "systemd-random-seed.service",
    "systemd-sysctl.service",
    "systemd-udevd.service",
)
CHECKOUT = "/srv/checkout"  # where the administrator of the machine has this project
_FILES = {
    "etc/passwd": "root:x:0:0:root:/root:/bin/sh\n"
    "messagebus:x:100:100::/nonexistent:/usr/sbin/nologin\n"
    "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n",
    "etc/group": "root:x:0:\ntty:x:5:\nmessagebus:x:100:\nnogroup:x:65534:\n",
    "etc/hosts": "127.0.0.1 localhost\n",
    "etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
    "etc/machine-id": "6d6f6e69746f722d7465737473000001\n",
    "etc/ld.so.conf": "/opt/python/lib\n",
    "etc/sysusers.d/.keep": "",
    "etc/tmpfiles.d/.keep": "",
    "opt/monitor/.venv/pyvenv.cfg": "home = /opt/python/bin\ninclude-system-site-packages = false\n",
}


def why_not() -> str | None:
    """Return why no machine can be booted here, or None."""
    if os.geteuid() != 0:
        return "only root can boot a machine of its own"
    missing = [tool for tool in _TOOLS if shutil.which(tool) is None]
    if missing or not SYSTEMD.exists():
        return f"not installed here: {', '.join(missing) or 'systemd'}"
    if "overlay" not in Path("/proc/filesystems").read_text():
        return "this kernel has no overlay file system"
    if _control_groups() is None:
        return "this kernel's control groups (v2) cannot be used here"
    tried = subprocess.run(
        ["unshare", *_NAMESPACES, "mount", "-t", "tmpfs", "tried", "/tmp"], capture_output=True, text=True
    )
    return f"namespaces cannot be made here: {tried.stderr.strip()}" if tried.returncode else None


def _control_groups() -> Path | None:
    """Return the folder of this process's control group (v2), where groups can be made."""
    mounts = (line.split() for line in Path("/proc/self/mountinfo").read_text().splitlines())
    roots = [fields[4] for fields in mounts if fields[fields.index("-") + 1] == "cgroup2"]
    own = [line[3:] for line in Path("/proc/self/cgroup").read_text().splitlines() if line.startswith("0::")]
    if not roots or not own:
        return None
    folder = Path(roots[0] + own[0])
    return folder if os.access(folder, os.W_OK) and not os.statvfs(folder).f_flag & os.ST_RDONLY else None


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str


class Machine:
    """A booted machine, with the program where step 1 of systemd/README.md puts it; a context manager that ends it.

    `folder` is an empty folder for what it needs on the real machine.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        groups = _control_groups()
        assert groups is not None
        self._group = groups / f"monitor-test-{os.getpid()}-{folder.name}"
        self._process: asyncio.subprocess.Process | None = None
        self._leader = 0

    async def __aenter__(self) -> Self:
        self._lay_out(self._folder / "files")
        for name in ("root", "state"):
            (self._folder / name).mkdir()
        self._group.mkdir()
        try:
            await self._boot()
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def _boot(self) -> None:
        site = sysconfig.get_path("purelib")
        packages = Path("opt/monitor/.venv") / Path(site).relative_to(sys.prefix)
        arguments = (self._folder, sys.base_prefix, site, packages, self._group)
        with self.console.open("ab") as console:
            self._process = await asyncio.create_subprocess_exec(
                *("setpriv", "--pdeathsig", "KILL", "unshare", *_NAMESPACES),
                *("sh", str(Path(__file__).with_name("boot.sh")), *map(str, arguments)),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=console,
                stderr=console,
            )
        async with asyncio.timeout(60):
            while (state := await self._state()) != "running":
                assert self._process.returncode is None, self.console.read_text()
                assert state != "degraded", (await self.sh("systemctl --failed --no-pager")).out
                await asyncio.sleep(0.05)

    async def _state(self) -> str:
        """Return what systemd says of the machine, nothing while it says nothing yet."""
        assert self._process is not None
        process = self._process.pid
        try:
            [leader] = Path(f"/proc/{process}/task/{process}/children").read_text().split()
            booted = Path(f"/proc/{leader}/comm").read_text() == "systemd\n"  # until then it is the shell of boot.sh
        except (OSError, ValueError):
            return ""
        self._leader = int(leader)
        if not booted or not self.path("/run/systemd/private").is_socket():
            return ""
        return (await self.sh("systemctl is-system-running")).out.strip()

    async def __aexit__(self, *_: object) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()
        async with asyncio.timeout(10):
            while self._group.exists():  # until the last of its processes is gone
                for folder in sorted((path for path in self._group.rglob("*") if path.is_dir()), reverse=True):
                    _remove(folder)
                _remove(self._group)
                await asyncio.sleep(0.05)

    @property
    def state(self) -> Path:
        """The folder outside that is the machine's /var/lib: the one place outside that it can write to."""
        return self._folder / "state"

    @property
    def console(self) -> Path:
        """The file of what systemd says while it boots."""
        return self._folder / "console"

    def path(self, inside: str) -> Path:
        """Return where a file of the machine is seen from outside."""
        return Path(f"/proc/{self._leader}/root{inside}")

    async def sh(self, script: str, *, given: str = "", folder: str = "/") -> Done:
        """Run a shell's script in the machine as root, with text for its input; TimeoutError after two minutes."""
        process = await asyncio.create_subprocess_exec(
            *("nsenter", f"--target={self._leader}", *_ENTER, "sh", "-euc", f"cd {folder}\n{script}"),
            env=_ENVIRONMENT,
            start_new_session=True,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            async with asyncio.timeout(120):
                out, err = await process.communicate(given.encode())
        except TimeoutError:
            os.killpg(process.pid, signal.SIGKILL)
            raise
        assert process.returncode is not None
        return Done(process.returncode, out.decode(), err.decode())

    async def show(self, unit: str, *names: str) -> list[str]:
        """Return properties of a unit, as systemd knows them."""
        return [(await self.sh(f"systemctl show --value -p {name} {unit}")).out.strip() for name in names]

    @staticmethod
    def _lay_out(files: Path) -> None:
        """Write what the machine begins with, outside the folders of the system."""
        for name, text in _FILES.items():
            path = files / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        units = files / "etc/systemd/system"
        units.mkdir(parents=True)
        for unit in _MASKED:
            (units / unit).symlink_to("/dev/null")
        checkout = files / CHECKOUT.lstrip("/")
        shutil.copytree(ROOT / "systemd", checkout / "systemd")
        for name in ("README.md", "config.example.env", "constraints.txt"):
            shutil.copy(ROOT / name, checkout)
        environment = files / "opt/monitor"
        shutil.copytree(ROOT / "monitor", environment / "package", ignore=shutil.ignore_patterns("__pycache__"))
        binaries = environment / ".venv/bin"
        binaries.mkdir()
        (binaries / "python3").symlink_to(f"/opt/python/bin/python3.{sys.version_info.minor}")
        program = binaries / "monitor"
        program.write_text(
            "#!/opt/monitor/.venv/bin/python3\nimport sys\nfrom monitor.cli.main import main\nsys.exit(main())\n"
        )
        program.chmod(0o755)


def _remove(folder: Path) -> None:
    """Remove a control group, if nothing is in it any more."""
    with suppress(OSError):
        folder.rmdir()
