#!/bin/sh
# Builds packages of swiftchat in the folder dist: a .deb (where dpkg-deb is installed) and a tarball. The binary contains
# the Swift runtime and is stripped; man page, shell completions, documents, sample settings and the systemd units come
# with it.
#
#   sh Resources/package.sh                  build, then package
#   sh Resources/package.sh --binary FILE    package this binary, without a build
#
# SOURCE_DATE_EPOCH sets the times of all files in the packages; the default is the time of the last commit.
set -eu

fail() {
  printf 'package.sh: %s\n' "$*" >&2
  exit 1
}

root=$(cd "$(dirname "$0")/.." && pwd)
binary=
while [ $# -gt 0 ]; do
  case $1 in
    --binary)
      [ $# -gt 1 ] || fail "--binary needs a file"
      # A path with a slash: a bare name would be looked up in PATH.
      case $2 in
        /*) binary=$2 ;;
        *) binary=$PWD/$2 ;;
      esac
      shift 2
      ;;
    *) fail "unknown argument '$1'; there is only --binary FILE" ;;
  esac
done
cd "$root"

if [ -z "$binary" ]; then
  swift build -c release --static-swift-stdlib --product swiftchat
  binary=$(swift build -c release --static-swift-stdlib --show-bin-path)/swiftchat
fi
[ -x "$binary" ] || fail "there is no program $binary"
version=$("$binary" --version) || fail "$binary does not run"
time=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
umask 022

# install_as MODE SOURCE DESTINATION: copies a file, and makes its folder.
install_as() {
  mkdir -p "$(dirname "$3")"
  cp "$2" "$3"
  chmod "$1" "$3"
}

# adapt UNITS: copies a document from standard input, with links to the files of the package. UNITS is the folder of the
# systemd units, with a slash; empty if they are beside the document. The section about tests needs a checkout.
adapt() {
  sed -E -e '/^## Tests$/,/^## Licence$/{/^## Licence$/!d;}' \
    -e 's,`Resources/swiftchat\.1`,`swiftchat(1)`,g' \
    -e 's,\[LICENSE\]\(LICENSE\),[copyright](copyright),g' \
    -e 's,Resources/([A-Za-z-]+\.(md|toml|svg|service|socket)),\1,g' \
    -e "s,\\((swiftchat\\.(service|socket))\\),($1\\1),g"
}

# lay_out PREFIX UNITS: the files below a prefix, which both packages have; UNITS as for `adapt`.
lay_out() {
  tree=$1
  install_as 755 "$binary" "$tree/bin/swiftchat"
  strip "$tree/bin/swiftchat" 2>/dev/null || fail "strip cannot read $binary"
  install_as 644 Resources/swiftchat.1 "$tree/share/man/man1/swiftchat.1"
  gzip -9n "$tree/share/man/man1/swiftchat.1"
  for shell in bash zsh fish; do
    "$binary" --generate-completion-script $shell >"$work/completion.$shell"
  done
  install_as 644 "$work/completion.bash" "$tree/share/bash-completion/completions/swiftchat"
  install_as 644 "$work/completion.zsh" "$tree/share/zsh/vendor-completions/_swiftchat"
  install_as 644 "$work/completion.fish" "$tree/share/fish/vendor_completions.d/swiftchat.fish"
  for file in README.md Resources/PROTOCOL.md Resources/CLUSTER.md Resources/BENCHMARKS.md; do
    adapt "$2" <"$file" >"$work/document"
    install_as 644 "$work/document" "$tree/share/doc/swiftchat/$(basename "$file")"
  done
  for file in Resources/*.toml Resources/screen-*.svg; do
    install_as 644 "$file" "$tree/share/doc/swiftchat/$(basename "$file")"
  done
  install_as 644 LICENSE "$tree/share/doc/swiftchat/copyright"
}

# Gives all files of a folder the same time.
date_all() {
  find "$1" -exec touch -h -d "@$time" {} + 2>/dev/null || find "$1" -exec touch -t "$(date -r "$time" +%Y%m%d%H%M.%S)" {} +
}

mkdir -p dist
system=$(uname -s | tr '[:upper:]' '[:lower:]')
name=swiftchat-$version-$system-$(uname -m)
lay_out "$work/$name" ""
install_as 644 Resources/swiftchat.service "$work/$name/share/doc/swiftchat/swiftchat.service"
install_as 644 Resources/swiftchat.socket "$work/$name/share/doc/swiftchat/swiftchat.socket"
date_all "$work/$name"
if tar --version 2>/dev/null | grep -q GNU; then
  tar --sort=name --owner=0 --group=0 --numeric-owner -C "$work" -cf - "$name" | gzip -9n >"dist/$name.tar.gz"
else
  tar -C "$work" -cf - "$name" | gzip -9n >"dist/$name.tar.gz"
fi
printf 'dist/%s\n' "$name.tar.gz"

command -v dpkg-deb >/dev/null 2>&1 || exit 0
architecture=$(dpkg --print-architecture)
deb=$work/deb
units=/usr/lib/systemd/system
lay_out "$deb/usr" "$units/"
# The units name the folder of a binary that was installed by hand, and their first paragraph says how to install them.
for unit in service socket; do
  mkdir -p "$deb$units"
  sed -e '1,/^#$/d' -e 's,/usr/local/bin/,/usr/bin/,' "Resources/swiftchat.$unit" >"$deb$units/swiftchat.$unit"
done

# The packages that contain the shared libraries, with the versions that the binary needs.
depends=
if command -v dpkg-shlibdeps >/dev/null 2>&1; then
  mkdir -p "$work/shlibdeps/debian"
  printf 'Source: swiftchat\n\nPackage: swiftchat\nArchitecture: any\n' >"$work/shlibdeps/debian/control"
  depends=$(cd "$work/shlibdeps" && dpkg-shlibdeps --ignore-missing-info -O "$deb/usr/bin/swiftchat" 2>/dev/null |
    sed -n 's/^shlibs:Depends=//p') || depends=
fi
[ -n "$depends" ] || depends="libc6, libstdc++6, libncursesw6, libtinfo6, libsqlite3-0"

size=$(du -sk "$deb" | cut -f1)
mkdir -p "$deb/DEBIAN"
cat >"$deb/DEBIAN/control" <<CONTROL
Package: swiftchat
Version: $version
Architecture: $architecture
Maintainer: The swiftchat project <swiftchat@localhost>
Installed-Size: $size
Depends: $depends
Suggests: libpq5
Section: net
Priority: optional
Description: chat in the terminal, server and client in one binary
 A private chat for a team, a class or a group of friends on a host of their
 own: encrypted, without accounts, database or certificate. Any program that
 can open a socket can join, including netcat.
CONTROL
(cd "$deb" && find usr -type f -exec md5sum {} + | LC_ALL=C sort -k2) >"$work/md5sums"
install_as 644 "$work/md5sums" "$deb/DEBIAN/md5sums"

# The scripts work without systemd, and no failure of systemctl fails an installation, upgrade or removal. None of them
# touches /var/lib/swiftchat.
cat >"$deb/DEBIAN/prerm" <<'SCRIPT'
#!/bin/sh
set -e
if [ "$1" = remove ] && [ -d /run/systemd/system ]; then
  systemctl stop swiftchat.socket swiftchat.service || :
fi
SCRIPT
cat >"$deb/DEBIAN/postinst" <<'SCRIPT'
#!/bin/sh
set -e
if [ "$1" = configure ] && [ -d /run/systemd/system ]; then
  systemctl daemon-reload || :
  # $2 is the previous version, empty at the first installation, which starts nothing. The upgrade does not wait for the
  # restart, because a server is ready only when it has reached its database.
  if [ -n "$2" ]; then systemctl --no-block try-restart swiftchat.service || :; fi
fi
SCRIPT
cat >"$deb/DEBIAN/postrm" <<'SCRIPT'
#!/bin/sh
set -e
if [ "$1" = remove ]; then
  # Links of `systemctl enable` to units that are gone. A unit of the administrator's own under the same name stays.
  for link in multi-user.target.wants/swiftchat.service sockets.target.wants/swiftchat.socket; do
    [ -e "/etc/systemd/system/$link" ] || rm -f "/etc/systemd/system/$link" || :
  done
  if [ -d /run/systemd/system ]; then systemctl daemon-reload || :; fi
fi
if [ "$1" = purge ] && [ -e /var/lib/swiftchat ]; then
  echo "The messages, accounts and key of the swiftchat service stay in /var/lib/swiftchat."
fi
SCRIPT
chmod 755 "$deb/DEBIAN/prerm" "$deb/DEBIAN/postinst" "$deb/DEBIAN/postrm"
date_all "$deb"
package=dist/swiftchat_${version}_$architecture.deb
SOURCE_DATE_EPOCH=$time dpkg-deb --root-owner-group -Zxz --build "$deb" "$package" >/dev/null
printf '%s\n' "$package"
