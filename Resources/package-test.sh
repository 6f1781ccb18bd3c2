#!/bin/sh
# Installs the .deb that package.sh has built into an empty root of Debian, with the packages that it depends on and
# nothing else, starts a server and clients there, exchanges a message, and upgrades and removes the package. Prints one
# line when all is well.
#
#   sh Resources/package-test.sh                the package in dist
#   sh Resources/package-test.sh PACKAGE.deb    this package
#
# The root is made by mmdebstrap, as root or as any user that may make user namespaces, or by debootstrap, as root. Without
# both, root can still test the files of the package: in a root that contains only the shared libraries of this machine
# that the binary needs. The dependencies are then not tested, and the last line says so.
set -eu

fail() {
  printf 'package-test.sh: %s\n' "$*" >&2
  exit 1
}

root=$(cd "$(dirname "$0")/.." && pwd)
[ $# -le 1 ] || fail "there is only one argument, a .deb"
package=${1:-}
if [ -z "$package" ]; then
  for file in "$root"/dist/swiftchat_*_"$(dpkg --print-architecture)".deb; do
    [ -f "$file" ] && package=$file
  done
  [ -n "$package" ] || fail "there is no package in dist: run sh Resources/package.sh"
fi
[ -f "$package" ] || fail "there is no file $package"
[ "$(dpkg-deb --field "$package" Package)" = swiftchat ] || fail "$package is no package of swiftchat"
# shellcheck disable=SC1091 # of this system
suite=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-stable}")

work=$(mktemp -d)
new=$work/root
clean_up() {
  umount "$new/proc" 2>/dev/null || :
  rm -rf --one-file-system "$work"
}
trap clean_up EXIT
trap 'exit 1' HUP INT TERM
chmod 755 "$work"
cp "$package" "$work/swiftchat.deb"

# Runs in the new root: a server and two clients, as a user without privileges.
printf 'version=%s\n' "$(dpkg-deb --field "$package" Version)" >"$work/exchange"
cat >>"$work/exchange" <<'SCRIPT'
set -eu
fail() {
  printf 'package-test.sh: in the new root: %s\n' "$*" >&2
  exit 1
}
[ "$(swiftchat --version)" = "$version" ] || fail "the package $version has swiftchat $(swiftchat --version)"
home=$(mktemp -d)
mkdir "$home/server" "$home/ada" "$home/zoe"
chown -R 65534:65534 "$home"
# Becomes a program of a person. Called in a subshell, so that the process that is waited for is the program itself.
as() {
  person=$1
  shift
  cd /
  exec setpriv --reuid=65534 --regid=65534 --clear-groups \
    env -i PATH="$PATH" HOME="$home/$person" LANG=C.UTF-8 TERM=dumb "$@"
}
as server swiftchat serve --host 127.0.0.1 --port 0 >"$home/announced" 2>"$home/errors" &
server=$!
trap 'kill "$server" 2>/dev/null || :; wait "$server" 2>/dev/null || :; rm -rf "$home"' EXIT
tries=300
until grep -qs 'listening on' "$home/announced"; do
  tries=$((tries - 1))
  [ "$tries" -gt 0 ] && kill -0 "$server" 2>/dev/null || fail "the server does not start: $(cat "$home/errors")"
  sleep 0.1
done
place=127.0.0.1:$(sed -n 's/.*listening on .*://p' "$home/announced" | head -n 1)
(as ada swiftchat send --server "$place" --name ada 'hello from a new root, 你好') </dev/null || fail "ada cannot send"
(as zoe swiftchat tail --server "$place" --name zoe --since 1h) </dev/null >"$home/heard" || fail "zoe cannot read"
grep -qF '#lobby ada: hello from a new root, 你好' "$home/heard" || fail "zoe has read: $(cat "$home/heard")"
printf 'hello\n' | (as zoe swiftchat connect --plain "$place" --name zoe) >"$home/printed" ||
  fail "the client without a screen ends with an error"
grep -qF '#lobby zoe: hello' "$home/printed" || fail "the client without a screen printed: $(cat "$home/printed")"
kill "$server"
wait "$server" || fail "the server ends with an error: $(cat "$home/errors")"
SCRIPT

# Runs outside, with the new root as its argument: an upgrade without systemd, and then an upgrade, removals and an
# installation with a systemctl whose every command fails.
cat >"$work/changes" <<'SCRIPT'
set -eu
new=$1
package=$(dirname "$0")/swiftchat.deb
PATH=/usr/local/bin:$PATH
export PATH
fail() {
  printf 'package-test.sh: %s\n' "$*" >&2
  exit 1
}
# change ACTION ARGUMENT ASKED: runs dpkg, and compares what the scripts of the package asked systemctl for.
change() {
  : >"$new/tmp/asked"
  dpkg --root="$new" --force-depends --force-not-root "$1" "$2" >"$new/tmp/said" 2>&1 ||
    fail "dpkg $1 fails: $(cat "$new/tmp/said")"
  asked=$(cat "$new/tmp/asked")
  [ "$asked" = "$3" ] || fail "dpkg $1 asked systemctl for '$asked' instead of '$3'"
  [ "$(cat "$new/var/lib/swiftchat/log.sqlite")" = data ] || fail "dpkg $1 touched the data"
}
[ ! -e "$new/run/systemd/system" ] || fail "the new root has a systemd"
mkdir -p "$new/var/lib/swiftchat" "$new/usr/local/bin"
echo data >"$new/var/lib/swiftchat/log.sqlite"
change --install "$package" ""

mkdir -p "$new/run/systemd/system"
printf '#!/bin/sh\necho "$*" >>/tmp/asked\nexit 1\n' >"$new/usr/local/bin/systemctl"
chmod 755 "$new/usr/local/bin/systemctl"
units=$new/etc/systemd/system
service=$units/multi-user.target.wants/swiftchat.service
socket=$units/sockets.target.wants/swiftchat.socket
mkdir -p "$(dirname "$service")" "$(dirname "$socket")"
ln -s /usr/lib/systemd/system/swiftchat.service "$service"
ln -s /usr/lib/systemd/system/swiftchat.socket "$socket"
change --install "$package" "daemon-reload
--no-block try-restart swiftchat.service"
[ -L "$service" ] && [ -L "$socket" ] || fail "an upgrade disables the service"
removal="stop swiftchat.socket swiftchat.service
daemon-reload"
change --remove swiftchat "$removal"
[ ! -e "$new/usr/bin/swiftchat" ] || fail "the program is there after the removal"
[ ! -L "$service" ] && [ ! -L "$socket" ] || fail "the service is enabled after the removal"
change --purge swiftchat ""
grep -qF /var/lib/swiftchat "$new/tmp/said" || fail "a purge does not say where the data is"
change --install "$package" daemon-reload
# A unit of the administrator's own under the same name.
: >"$units/swiftchat.service"
ln -s /etc/systemd/system/swiftchat.service "$service"
change --purge swiftchat "$removal"
[ -L "$service" ] || fail "a removal disables the administrator's own unit"
SCRIPT

# What a package manager does not check: files that the README names, links of the documents, and the units.
dpkg-deb --contents "$package" >"$work/contents"
for file in usr/bin/swiftchat usr/share/man/man1/swiftchat.1.gz usr/share/bash-completion/completions/swiftchat \
  usr/share/zsh/vendor-completions/_swiftchat usr/share/fish/vendor_completions.d/swiftchat.fish \
  usr/lib/systemd/system/swiftchat.service usr/lib/systemd/system/swiftchat.socket \
  usr/share/doc/swiftchat/server.toml usr/share/doc/swiftchat/client.toml; do
  grep -q " \./$file\$" "$work/contents" || fail "$package has no $file"
done
mkdir "$work/files"
dpkg-deb --extract "$package" "$work/files"
documents=$work/files/usr/share/doc/swiftchat
for document in "$documents"/*.md; do
  grep -oE '\]\([^)]*\)|(src|srcset)="[^"]*"' "$document" >"$work/links" || continue
  sed -E 's/^[^("]*[("]//; s/[)"]$//; s/#.*//' "$work/links" | while read -r link; do
    case $link in
      '' | *://*) ;;
      /*) [ -e "$work/files$link" ] || fail "$(basename "$document") has a link to $link" ;;
      *) [ -e "$documents/$link" ] || fail "$(basename "$document") has a link to $link" ;;
    esac
  done
done
for unit in service socket; do
  if grep -E '/usr/local|/etc/systemd/system|daemon-reload' "$work/files/usr/lib/systemd/system/swiftchat.$unit" >&2; then
    fail "swiftchat.$unit says how to install what is installed"
  fi
done

install='apt-get install --yes --no-install-recommends /tmp/swiftchat.deb'
if command -v mmdebstrap >/dev/null 2>&1; then
  mmdebstrap --quiet --variant=apt --customize-hook="cp $work/swiftchat.deb $work/exchange \"\$1/tmp/\"" \
    --customize-hook="chroot \"\$1\" $install >&2" \
    --customize-hook='chroot "$1" sh /tmp/exchange' --customize-hook="sh $work/changes \"\$1\"" \
    "$suite" /dev/null >"$work/log" 2>&1 || {
    cat "$work/log" >&2
    fail "the test failed in a root of mmdebstrap"
  }
  printf 'package-test.sh: %s works in an empty %s\n' "$(basename "$package")" "$suite"
  exit 0
fi

[ "$(id -u)" -eq 0 ] || fail "mmdebstrap is missing; without it this needs to run as root"
# The Swift runtime reads the arguments of a program from /proc.
mount_proc() {
  mkdir -p "$new/proc"
  mount -t proc proc "$new/proc" || fail "/proc cannot be mounted in the new root"
}
if command -v debootstrap >/dev/null 2>&1; then
  debootstrap --variant=minbase "$suite" "$new" >"$work/log" 2>&1 || {
    cat "$work/log" >&2
    fail "debootstrap cannot make a root"
  }
  cp "$work/swiftchat.deb" "$work/exchange" "$new/tmp/"
  # shellcheck disable=SC2086 # these are words
  chroot "$new" $install >"$work/log" 2>&1 || {
    cat "$work/log" >&2
    fail "the package cannot be installed"
  }
  mount_proc
  chroot "$new" sh /tmp/exchange
  sh "$work/changes" "$new"
  printf 'package-test.sh: %s works in an empty %s\n' "$(basename "$package")" "$suite"
  exit 0
fi

# copy_program PROGRAM: copies a program of this machine, its libraries and its loader.
copy_program() {
  program=$(readlink -f "$(command -v "$1")")
  mkdir -p "$new/usr/bin"
  cp "$program" "$new/usr/bin/$1"
  copy_libraries "$program"
}
copy_libraries() {
  ldd "$1" | sed -n 's/.* => \(\/[^ ]*\) .*/\1/p; s/^[[:space:]]*\(\/[^ ]*\) .*/\1/p' | while read -r library; do
    mkdir -p "$new$(dirname "$library")"
    cp -L "$library" "$new$library"
  done
}
mkdir -p "$new/usr/bin" "$new/usr/lib" "$new/tmp" "$new/dev" "$new/etc" "$new/var/lib/dpkg/info"
chmod 1777 "$new/tmp"
for name in null urandom random zero; do
  minor=$(stat -c %T "/dev/$name")
  mknod -m 666 "$new/dev/$name" c 1 "$((0x$minor))"
done
ln -s usr/bin "$new/bin"
# The libraries of the loader's folder are found by it without a cache.
for folder in lib lib64; do
  if [ -L "/$folder" ]; then
    mkdir -p "$new/usr/$folder"
    ln -s "usr/$folder" "$new/$folder"
  fi
done
for name in sh env setpriv mktemp mkdir chown chmod grep sed head sleep rm cat kill; do
  command -v "$name" >/dev/null && [ -e "$(command -v "$name")" ] && copy_program "$name"
done
: >"$new/var/lib/dpkg/status"
dpkg --root="$new" --force-depends --force-not-root --install "$work/swiftchat.deb" >"$work/log" 2>&1 || {
  cat "$work/log" >&2
  fail "the package cannot be unpacked"
}
copy_libraries "$new/usr/bin/swiftchat"
cp -r /usr/share/terminfo "$new/usr/share/" 2>/dev/null || :
printf 'root:x:0:0::/:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n' >"$new/etc/passwd"
cp "$work/exchange" "$new/tmp/exchange"
mount_proc
chroot "$new" /usr/bin/env PATH=/usr/bin sh /tmp/exchange
sh "$work/changes" "$new"
printf 'package-test.sh: %s works with the libraries of this machine; its dependencies were not tested, for which mmdebstrap is needed\n' \
  "$(basename "$package")"
