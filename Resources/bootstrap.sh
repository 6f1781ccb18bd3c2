#!/bin/sh
# Installs what a machine with a Swift toolchain lacks to build, run and test swiftchat: the headers of
# ncursesw and SQLite, and for the tests tmux, OpenBSD's netcat and openssl.
#
# Looks for the things themselves, not for packages, because they may have come from anywhere. When all are
# there it prints nothing and leaves the network alone.
set -eu

say() {
  printf 'bootstrap.sh: %s\n' "$*"
}

fail() {
  say "$@" >&2
  exit 1
}

has() {
  command -v "$1" >/dev/null 2>&1
}

# A header where the compiler looks by itself; CPATH is how unusual systems tell it of other places.
has_header() (
  IFS=:
  for folder in /usr/include /usr/local/include ${CPATH:-}; do
    [ -f "$folder/$1" ] && exit 0
  done
  exit 1
)

# The tests end their input and keep reading, which only OpenBSD's netcat can do, with -N; Debian's
# traditional netcat, BusyBox's and nmap's go by the same name. Apple's does it without being asked.
has_netcat() {
  has nc || return 1
  [ "$system" = Darwin ] || nc -h 2>&1 </dev/null | grep -q '\[-[0-9A-Za-z]*N'
}

# What is missing, in the words of this script.
missing() {
  # The SDK that comes with Swift on a Mac has both headers.
  if [ "$system" != Darwin ]; then
    has_header curses.h || echo curses
    has_header sqlite3.h || echo sqlite
  fi
  has tmux || echo tmux
  has_netcat || echo netcat
  has openssl || echo openssl
}

# The package that holds $2, in the words of the package manager $1.
package() {
  case $1:$2 in
    apt-get:curses) echo libncurses-dev ;;
    dnf:curses) echo ncurses-devel ;;
    apk:curses) echo ncurses-dev ;;
    *:curses) echo ncurses ;;
    apt-get:sqlite) echo libsqlite3-dev ;;
    dnf:sqlite) echo sqlite-devel ;;
    apk:sqlite) echo sqlite-dev ;;
    apt-get:netcat | apk:netcat) echo netcat-openbsd ;;
    pacman:netcat) echo openbsd-netcat ;;
    *) echo "$2" ;;
  esac
}

# Runs the package manager quietly, as root. What it says is kept for the case that it fails.
root() {
  said=$($sudo "$@" 2>&1 </dev/null)
}

# A fresh machine upgrades itself in the background and holds the lock meanwhile, hence the timeout.
apt() {
  root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "$@"
}

install() {
  case $manager in
    # The list of packages may be missing, as in containers, or name files that are gone.
    apt-get)
      set -- install -y --no-install-recommends "$@"
      apt "$@" || { apt update && apt "$@"; }
      ;;
    dnf) root dnf -q -y install "$@" ;;
    pacman) root pacman -S --noconfirm --needed "$@" || root pacman -Sy --noconfirm --needed "$@" ;;
    apk) root apk add -q "$@" || root apk add -q --update-cache "$@" ;;
    brew) root env HOMEBREW_NO_AUTO_UPDATE=1 brew install -q "$@" ;;
  esac
}

system=$(uname -s)
wanted=$(missing | tr '\n' ' ')
[ -n "$wanted" ] || exit 0

manager=
for candidate in apt-get dnf pacman apk brew; do
  if has "$candidate"; then
    manager=$candidate
    break
  fi
done
[ -n "$manager" ] || fail "no package manager that it knows; install by hand: ${wanted% }"

packages=
for thing in $wanted; do
  packages="$packages $(package "$manager" "$thing")"
done
packages=${packages# }

# Homebrew refuses to work as root.
sudo=
if [ "$manager" != brew ] && [ "$(id -u)" -ne 0 ]; then
  has sudo || fail "neither root nor sudo is here; install as root: $packages"
  # Without a terminal nobody can answer the question for a password.
  if [ -t 0 ]; then sudo=sudo; else sudo='sudo -n'; fi
fi

say "installing $packages"
# shellcheck disable=SC2086 # the names of packages are words
install $packages ||
  fail "$manager failed ($(printf '%s\n' "$said" | grep . | tail -n 1)); install by hand: $packages"

wanted=$(missing | tr '\n' ' ')
[ -z "$wanted" ] || fail "$manager installed $packages, yet these are still not found: ${wanted% }"
