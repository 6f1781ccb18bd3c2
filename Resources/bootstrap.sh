#!/bin/sh
# Installs what a machine with a Swift toolchain lacks to build, run and test swiftchat: the libraries and programs that
# the toolchain itself needs, the headers of ncursesw and SQLite, and for the tests tmux, OpenBSD's netcat, openssl,
# Python 3 and PostgreSQL.
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

# The tests start servers of their own. Debian keeps the programs out of PATH.
has_postgresql() {
  for folder in /usr/lib/postgresql/*/bin $(printf '%s' "$PATH" | tr ':' ' ') /opt/homebrew/opt/postgresql/bin; do
    [ -x "$folder/initdb" ] && [ -x "$folder/postgres" ] && [ -x "$folder/psql" ] && return
  done
  return 1
}

# The standard library of C++, which clang finds beside the newest GCC.
has_cxx() {
  for header in /usr/include/c++/*/vector; do
    [ -f "$header" ] && return
  done
  return 1
}

# Shared libraries that the toolchain's programs ask for and the system does not have, such as libcurl.so.4. A toolchain
# that was unpacked from an archive brings none of them.
missing_libraries() {
  has ldd && has swift || return 0
  bin=$(dirname "$(readlink -f "$(command -v swift)")")
  for program in swift-driver swift-package lld; do
    [ ! -e "$bin/$program" ] || ldd "$bin/$program" 2>/dev/null || :
  done | sed -n 's/^[[:space:]]*\([^[:space:]]*\) => not found.*/\1/p' | sort -u
}

# Names of what is missing, as `package` knows them.
missing() {
  # The SDK that comes with Swift on a Mac has all of these.
  if [ "$system" != Darwin ]; then
    has_header curses.h || echo curses
    has_header sqlite3.h || echo sqlite
    has_cxx && has_header stdlib.h || echo c++
    has ld.gold || echo gold
    missing_libraries
  fi
  has git || echo git
  # Over HTTPS, git needs certificates to fetch the packages.
  [ "$system" = Darwin ] || [ -e /etc/ssl/cert.pem ] || [ -e /etc/ssl/certs/ca-certificates.crt ] ||
    [ -e /etc/pki/tls/certs/ca-bundle.crt ] || echo ca-certificates
  has tmux || echo tmux
  has_netcat || echo netcat
  has openssl || echo openssl
  has python3 || echo python3
  has_postgresql || echo postgresql
}

# The package that holds $2, in the words of the package manager $1.
package() {
  case $1:$2 in
    apt-get:curses) echo libncurses-dev ;;
    dnf:curses) echo ncurses-devel ;;
    apk:curses) echo ncurses-dev ;;
    *:curses) echo ncurses ;;
    # Newer releases have gold in a package of its own.
    apt-get:gold)
      case $(apt-cache policy binutils-gold 2>/dev/null) in
        *'Candidate: (none)'* | '') echo binutils ;;
        *) echo binutils-gold ;;
      esac
      ;;
    dnf:gold) echo binutils-gold ;;
    dnf:postgresql) echo postgresql-server ;;
    *:gold) echo binutils ;;
    dnf:c++) echo gcc-c++ ;;
    pacman:c++) echo gcc ;;
    *:c++) echo g++ ;;
    apt-get:libcurl.so.*) echo libcurl4 ;;
    apt-get:libxml2.so.*) echo libxml2 ;;
    apt-get:libncurses.so.*) echo libncurses6 ;;
    apt-get:libsqlite3.so.*) echo libsqlite3-0 ;;
    apt-get:libedit.so.*) echo libedit2 ;;
    apt-get:libz.so.*) echo zlib1g ;;
    dnf:lib*.so.*) echo "$2()(64bit)" ;;
    *:libcurl.so.*) echo curl ;;
    *:libxml2.so.*) echo libxml2 ;;
    *:libncurses.so.*) echo ncurses ;;
    *:libsqlite3.so.*) echo sqlite ;;
    apt-get:sqlite) echo libsqlite3-dev ;;
    dnf:sqlite) echo sqlite-devel ;;
    apk:sqlite) echo sqlite-dev ;;
    apt-get:netcat | apk:netcat) echo netcat-openbsd ;;
    pacman:netcat) echo openbsd-netcat ;;
    pacman:python3 | brew:python3) echo python ;;
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

# Debian's package of PostgreSQL would set up and start a server, which nobody asked for.
no_cluster() {
  settings=/etc/postgresql-common/createcluster.conf
  [ -e "$settings" ] || root sh -c "mkdir -p ${settings%/*} && echo create_main_cluster = false >$settings"
}

install() {
  case $manager in
    # The list of packages may be missing, as in containers, or name files that are gone.
    apt-get)
      set -- install -y --no-install-recommends "$@"
      case " $* " in *' postgresql '*) no_cluster ;; esac
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

# Homebrew refuses to work as root.
sudo=
if [ "$manager" != brew ] && [ "$(id -u)" -ne 0 ]; then
  if has sudo; then
    # Without a terminal nobody can answer the question for a password.
    if [ -t 0 ]; then sudo=sudo; else sudo='sudo -n'; fi
  else
    sudo=none
  fi
fi

# Twice, because a machine without package lists knows only after the first time which packages there are.
for round in 1 2; do
  packages=
  for thing in $wanted; do
    packages="$packages $(package "$manager" "$thing")"
  done
  packages=${packages# }
  [ "$sudo" != none ] || fail "neither root nor sudo is here; install as root: $packages"
  say "installing $packages"
  # shellcheck disable=SC2086 # the names of packages are words
  install $packages ||
    fail "$manager failed ($(printf '%s\n' "$said" | grep . | tail -n 1)); install by hand: $packages"
  wanted=$(missing | tr '\n' ' ')
  [ -n "$wanted" ] || exit 0
  [ "$manager:$round" = apt-get:1 ] || break
done
fail "$manager installed $packages, yet these are still not found: ${wanted% }"
