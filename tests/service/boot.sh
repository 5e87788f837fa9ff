#!/bin/sh
# Lays out a machine and boots it by systemd; `unshare` (see machine.py) has given this shell its own mounts and processes.
#   boot.sh FOLDER PYTHON SITE-PACKAGES PACKAGES CGROUP
#   FOLDER: has `root`, where the machine's root is laid, `files`, what lies in it, and `state`, its /var/lib;
#   PYTHON: the interpreter's prefix; SITE-PACKAGES: its libraries; PACKAGES: where the machine sees them;
#   CGROUP: the folder of its control group.
# Of the real machine it sees /usr, the interpreter and its libraries, all read only. What it writes lies in memory, but
# for /var/lib, so that the database lies on a disk.
set -eu
folder=$1 python=$2 site=$3 packages=$4 cgroup=$5
root=$folder/root

read_only() { mkdir -p "$2" && mount --bind "$1" "$2" && mount -o remount,bind,ro "$2"; }

mount -t tmpfs -o size=1g,mode=755 machine "$root"
cd "$root"
cp -a "$folder/files/." .
mkdir -p proc sys dev run root home srv tmp var/tmp var/lib var/log .old .site/upper .site/work
chmod 700 root
chmod 1777 tmp var/tmp
for link in bin sbin lib lib32 lib64 libx32; do if [ -L "/$link" ]; then cp -P "/$link" .; fi; done
mount --bind "$folder/state" var/lib
read_only /usr usr
mount -t tmpfs -o mode=755 local usr/local && mkdir usr/local/bin
case $python in /usr) ln -s usr opt/python ;; *) read_only "$python" opt/python ;; esac
# The libraries, with the program laid over them as `pip install` would leave it.
mkdir -p "./$packages"
mv opt/monitor/package .site/upper/monitor
mount -t overlay -o "lowerdir=$site,upperdir=$root/.site/upper,workdir=$root/.site/work" libraries "./$packages"

echo $$ > "$cgroup/cgroup.procs"
mount -t proc proc proc
read_only proc/sys proc/sys
mount -t sysfs -o ro sysfs sys
mount -t tmpfs -o mode=755 dev dev
for node in null zero full random urandom tty; do : > dev/$node && mount --bind /dev/$node dev/$node; done
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts dev/pts
mount -t tmpfs -o mode=1777 shm dev/shm
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
ln -s fd/0 dev/stdin && ln -s fd/1 dev/stdout && ln -s fd/2 dev/stderr
mount -t tmpfs -o mode=755 run run
hostname machine

pivot_root . .old
# A control group of its own as the root of all, as the machine sees it; and none of the rights over the real kernel.
exec unshare --cgroup chroot . setpriv --bounding-set=-sys_module,-sys_time,-sys_rawio,-sys_boot,-mac_admin,-syslog \
    env -i container=other PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin sh -euc '
        umount -l /.old && rmdir /.old
        mount --make-rshared /
        mount -t cgroup2 cgroup2 /sys/fs/cgroup
        ldconfig
        exec /lib/systemd/systemd --system --unit=multi-user.target --show-status=no'
