#!/bin/sh
# Takes pictures of the client in real terminals, to be looked at: starts xterm, kitty and a terminal with VTE on an X
# server without a screen, runs the client there on a server of its own, with lines in many scripts, and takes a picture
# of each at its first size and of a narrower one after that. Not a part of the tests: nothing here compares pictures.
#
#   sh Resources/terminals.sh PROGRAM [FOLDER]    a built swiftchat; the folder is ./terminals by default
#
# Terminals that are not installed are left out. On Debian everything comes with
#
#   apt-get install --no-install-recommends xvfb xterm kitty lxterminal xdotool imagemagick libgl1-mesa-dri \
#     fonts-dejavu-core fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji
set -eu

fail() {
  printf 'terminals.sh: %s\n' "$*" >&2
  exit 1
}

[ $# -ge 1 ] && [ $# -le 2 ] || fail "usage: terminals.sh PROGRAM [FOLDER]"
[ -x "$1" ] || fail "there is no program $1"
program=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
pictures=${2:-terminals}
mkdir -p "$pictures"
for tool in Xvfb xdotool import; do
  command -v "$tool" >/dev/null || fail "$tool is missing; the packages are listed in this script"
done

folder=$(mktemp -d)
display=
server=
terminal=
finish() {
  status=$?
  trap - EXIT
  for process in $terminal $server $display; do kill "$process" 2>/dev/null || :; done
  wait
  rm -rf "$folder"
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# Turns this shell into a program with a home of its own.
become() {
  home=$folder/$1
  shift
  mkdir -p "$home/run"
  chmod 700 "$home/run"
  exec env -i PATH="$PATH" HOME="$home" XDG_RUNTIME_DIR="$home/run" LANG=C.UTF-8 SHELL=/bin/sh "$@"
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

# Lines that terminals measure and draw differently: wide and ambiguous characters, marks, emoji with and without
# selectors, skin tones and joiners, scripts from right to left, blocks, code and a link that is wrapped.
lines() {
  cat <<'END'
plain ASCII: The quick brown fox jumps over the lazy dog. 0123456789 |end
wide: 你好，世界 こんにちは 안녕하세요 ｆｕｌｌ |end
marks: Åström naïve Zoë é ñ ạ̈ ก็ ที่ नमस्ते |end
emoji: 👍 ☕ 🎉 ❤️ 👍🏽 👩‍👩‍👧 🇩🇪 1️⃣ |end
ambiguous: … “quotes” – — × ÷ ° ± α β Ω → ← ■ ● ○ ☆ |end
right to left: שלום עולם مرحبا بالعالم |end
boxes: ┌──┬──┐ │ab│cd│ └──┴──┘ ░▒▓█ ▁▂▃▄▅▆▇ |end
*bold* _italic_ ~struck~ `code` >= 3 and a link https://example.org/a/rather/long/path/that/has/to/be/wrapped?step=1
> a quote of somebody
/me waves 👋 to xterm, kitty and vte
END
}

(become server "$program" serve --host 127.0.0.1 --port 0) >"$folder/announced" 2>"$folder/errors" &
server=$!
await grep -qs 'listening on' "$folder/announced" || fail "the server did not start: $(cat "$folder/errors")"
port=$(sed -n 's/.*listening on .*://p' "$folder/announced" | head -n 1)
place=127.0.0.1:$port
lines | (become ada "$program" send --server "$place" --name ada) || fail "the lines could not be sent"

Xvfb -displayfd 3 -screen 0 1200x700x24 -nolisten tcp 3>"$folder/display" 2>"$folder/xvfb" &
display=$!
await test -s "$folder/display" || fail "Xvfb does not start: $(cat "$folder/xvfb")"
DISPLAY=:$(cat "$folder/display")
export DISPLAY

is_here() {
  (become ada "$program" who --server "$place" --name watcher) </dev/null 2>/dev/null | grep -qw "$1"
}

# take NAME FILE: a picture of the screen, once it does not change any more.
take() {
  tries=30
  before=
  while :; do
    import -window root "$folder/picture.png"
    now=$(convert "$folder/picture.png" rgb:- | cksum)
    [ "$now" = "$before" ] && break
    before=$now
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || break
    sleep 1
  done
  mv "$folder/picture.png" "$2"
  printf '%s\n' "$2"
}

# show NAME COMMAND…: runs the client in a terminal, whose command line is followed by that of the client.
taken=0
show() {
  name=$1
  shift
  command -v "$1" >/dev/null || {
    printf 'terminals.sh: %s is not installed\n' "$1" >&2
    return 0
  }
  (become "$name" DISPLAY="$DISPLAY" LIBGL_ALWAYS_SOFTWARE=1 NO_AT_BRIDGE=1 "$@" "$program" connect "$place" \
    --name "$name") >"$folder/$name.log" 2>&1 &
  terminal=$!
  await is_here "$name" || fail "the client does not start in $name: $(cat "$folder/$name.log")"
  # The window that is not the one of another program.
  window=$(xdotool search --onlyvisible --name . | tail -n 1)
  xdotool windowmove "$window" 0 0 windowfocus "$window" 2>/dev/null || :
  xdotool type --delay 30 'typed here: hello'
  take "$name" "$pictures/$name.png"
  xdotool windowsize "$window" 560 420 2>/dev/null || :
  take "$name" "$pictures/$name-narrow.png"
  kill "$terminal" 2>/dev/null || :
  wait "$terminal" 2>/dev/null || :
  terminal=
  taken=$((taken + 1))
}

show xterm xterm -fa 'DejaVu Sans Mono' -fs 11 -geometry 110x30 -e
show kitty kitty --config NONE -o remember_window_size=no -o initial_window_width=110c -o initial_window_height=30c \
  -o font_size=11 -o enable_audio_bell=no
if command -v lxterminal >/dev/null; then
  # Its option takes one argument, which it splits at spaces.
  cat >"$folder/vte-terminal" <<SCRIPT
#!/bin/sh
exec lxterminal --no-remote --geometry=110x30 --command="\$*"
SCRIPT
  chmod 755 "$folder/vte-terminal"
  show vte "$folder/vte-terminal"
else
  printf 'terminals.sh: lxterminal is not installed\n' >&2
fi
[ "$taken" -gt 0 ] || fail "none of the terminals is installed"
