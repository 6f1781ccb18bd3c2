#!/bin/sh
# Takes the pictures of the README, Resources/screen-dark.svg and Resources/screen-light.svg: plays a short conversation
# between two terminals and a netcat on a server of its own, in a home of its own, and draws what the first terminal
# shows. It does so once with the colours for a dark background, and once with those for a light one.
#
# usage: picture.sh [PROGRAM]      (a built swiftchat; without it, the release build of this checkout)
#
# Needs tmux, nc and python3, which bootstrap.sh installs.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
title='swiftchat — #lobby'
columns=104
rows=20

# Who talks: two in terminals, one through netcat. The picture shows the screen of the first.
first=neha
second=akash
third=zoe

# How the program is used.
serve='serve --port 0'
announcement='[+] Chat server listening on '
connect() { printf 'connect localhost:%s --name %s' "$port" "$1"; }
send=Enter
direct='/dm'
lobby=M-1

# What is said, a line each that is short enough not to be wrapped: who, and the text. A DM is from one of the
# terminals and to the person after the >. A link gets a number on the screen, and ends the part that is waited for.
conversation() {
  cat <<END
$first|morning! the new build is on the server
$second|nice, *restarting* mine now
$third|hello from netcat, no client needed
$first|welcome $third, you look great in plain text
$first>$second|psst, lunch at one?
$second|it fails in \`retry()\`, log: https://ci.example.org/4711
$third|same here since 9:30
$second|$first: can you have a look when you are back?
$first|on it 好的, the timeout is too short 👍
$second>$first|one is fine, the usual place
$third|thanks!
END
}

fail() {
  printf 'picture.sh: %s\n' "$*" >&2
  exit 1
}

for tool in tmux nc; do
  command -v "$tool" >/dev/null || fail "$tool is missing: run Resources/bootstrap.sh"
done
command -v python3 >/dev/null ||
  fail 'python3 is missing: picture.py, which draws the picture, is written in it; install it from your system'

program=${1:-}
theme=${PICTURE_THEME:-}
if [ -z "$program" ]; then
  swift build --package-path "$here/.." -c release --product swiftchat >&2
  program=$(swift build --package-path "$here/.." -c release --show-bin-path)/swiftchat
fi
program=$(cd "$(dirname "$program")" && pwd)/$(basename "$program")

if [ -z "$theme" ]; then
  for theme in dark light; do PICTURE_THEME=$theme sh "$0" "$program"; done
  exit 0
fi
picture=$here/screen-$theme.svg

folder=$(mktemp -d)
server=
netcat=
finish() {
  status=$?
  trap - EXIT
  terminal kill-server 2>/dev/null || :
  exec 3>&-
  [ -z "$netcat" ] || kill "$netcat" 2>/dev/null || :
  [ -z "$server" ] || kill "$server" 2>/dev/null || :
  wait
  rm -rf "$folder"
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

terminal() {
  tmux -u -S "$folder/tmux" "$@"
}

# Turns this shell into a program in a world of its own, which lies in the folder named by the first argument.
become() {
  world=$folder/$1
  shift
  mkdir -p "$world/run"
  exec env -i PATH="$PATH" HOME="$world" XDG_RUNTIME_DIR="$world/run" LANG=C.UTF-8 TZ=UTC SHELL=/bin/sh \
    TERM=xterm-256color "$@"
}

# Waits until a command succeeds, for at most 30 s.
await() {
  tries=300
  until "$@"; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || return 1
    sleep 0.1
  done
}

shows() {
  terminal capture-pane -p -t "$1" | grep -qF -- "${2%%https:*}"
}

expect() {
  await shows "$1" "$2" || {
    terminal capture-pane -p -t "$1" >&2
    fail "$1 never saw: $2"
  }
}

# shellcheck disable=SC2086 # these are words
(become server "$program" $serve) >"$folder/announced" 2>"$folder/errors" &
server=$!
await grep -qsF "$announcement" "$folder/announced" || fail "the server did not start: $(cat "$folder/errors")"
port=$(grep -F "$announcement" "$folder/announced" | sed 's/.*://; q')

# 256 colours and true ones, no status line of tmux's own.
printf '%s\n' 'set -g default-terminal screen-256color' 'set -g status off' \
  'set -g remain-on-exit on' >"$folder/tmux.conf"
for person in "$first" "$second"; do
  # shellcheck disable=SC2046 # these are words
  (become "$person" tmux -u -S "$folder/tmux" -f "$folder/tmux.conf" new-session -d -s "$person" \
    -x "$columns" -y "$rows" env HOME="$folder/$person" XDG_RUNTIME_DIR="$folder/$person/run" \
    SWIFTCHAT_CLIENT_THEME="$theme" \
    "$program" $(connect "$person"))
  expect "$person" "$person"
done

mkfifo "$folder/line"
nc localhost "$port" <"$folder/line" >"$folder/heard" &
netcat=$!
exec 3>"$folder/line"
echo "LOGIN $third" >&3
await grep -q OK "$folder/heard" || fail "$third could not log in"

write() {
  terminal send-keys -t "$1" -l -- "$2"
  terminal send-keys -t "$1" "$send"
}

conversation >"$folder/conversation"
while IFS='|' read -r who text; do
  case $who in
    "$third")
      echo "MSG $text" >&3
      expect "$first" "$text"
      ;;
    *'>'*)
      write "${who%>*}" "$direct ${who#*>} $text"
      expect "${who%>*}" "$text"
      # Back from the tab that the message opened.
      terminal send-keys -t "${who%>*}" "$lobby"
      ;;
    *)
      write "$who" "$text"
      expect "$first" "$text"
      ;;
  esac
done <"$folder/conversation"

cursor=$(terminal display-message -p -t "$first" '#{cursor_x},#{cursor_y}')
terminal capture-pane -e -N -p -t "$first" >"$folder/capture"
python3 "$here/picture.py" --columns "$columns" --title "$title" --cursor "$cursor" --theme "$theme" \
  <"$folder/capture" >"$folder/screen.svg"
mv "$folder/screen.svg" "$picture"
