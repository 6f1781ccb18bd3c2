#!/usr/bin/env python3
"""Draws a terminal's screen as an SVG: reads what `tmux capture-pane -e -N -p` prints, writes the picture.

usage: picture.py --columns 100 [--title TEXT] [--cursor COLUMN,ROW] <capture >picture.svg

Every run of equal cells is a text of its own that starts at its column and is as long as its columns, so that
the picture is aligned in whatever monospace font the reader has.
"""

import argparse
import re
import sys
import unicodedata
from dataclasses import dataclass, replace
from typing import Optional
from xml.sax.saxutils import escape

# Geometry in pixels. A cell has the proportions of the common monospace fonts, 0.6 em by 1.3 em.
FONT_SIZE = 14
CELL_WIDTH = 8.4
CELL_HEIGHT = 19
BASELINE = 14
MARGIN = 16
TITLE_BAR = 34

FONTS = "'JetBrains Mono','SF Mono',Menlo,'Cascadia Mono',Consolas,'DejaVu Sans Mono','Noto Sans Mono',monospace"

# The terminal's own colours: background and foreground, title bar, border, and the 16 colours that every terminal has
# its own idea of.
THEMES = {
    "dark": (
        "#1a1b26 #c8cfe8 #252735 #8a91b0 #343748",
        "#363b54 #f7768e #9ece6a #e0af68 #7aa2f7 #bb9af7 #7dcfff #a9b1d6 "
        "#565f89 #ff8fa3 #b4e07f #f2c57c #93b5ff #ccb0ff #a4deff #e6eaff",
    ),
    "light": (
        "#fbfbfd #24292f #eceef2 #57606a #d0d7de",
        "#24292f #cf222e #116329 #7d4e00 #0550ae #8250df #1b7c83 #6e7781 "
        "#57606a #a40e26 #1a7f37 #633c01 #0969da #6639ba #3192aa #24292f",
    ),
}
BUTTONS = ("#f7768e", "#e0af68", "#9ece6a")
BACKGROUND = FOREGROUND = TITLE_BACKGROUND = TITLE_FOREGROUND = BORDER = ""
PALETTE = []


def use_theme(name):
    global BACKGROUND, FOREGROUND, TITLE_BACKGROUND, TITLE_FOREGROUND, BORDER, PALETTE
    own, palette = THEMES[name]
    BACKGROUND, FOREGROUND, TITLE_BACKGROUND, TITLE_FOREGROUND, BORDER = own.split()
    PALETTE = palette.split()


ATTRIBUTES = {1: "bold", 2: "dim", 3: "italic", 4: "underline", 7: "reverse", 8: "hidden", 9: "strike"}
ENDS = {22: ("bold", "dim"), 23: ("italic",), 24: ("underline",), 27: ("reverse",), 28: ("hidden",), 29: ("strike",)}

# A sequence of SGR parameters; any other escape sequence, of which capture-pane prints shifts to the
# line-drawing set (SO, SI) and links (OSC 8); or one character.
TOKEN = re.compile(
    r"\x1b\[(?P<sgr>[0-9;:]*)m|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[[0-?]*[ -/]*[@-~]|\x1b[ -/]*[0-~]"
    r"|(?P<shift>[\x0e\x0f])|(?P<text>.)"
)
LINE_DRAWING = dict(zip("`afgjklmnopqrstuvwxyz{|}~", "◆▒°±┘┐┌└┼⎺⎻─⎼⎽├┤┴┬│≤≥π≠£·"))


@dataclass(frozen=True)
class Style:
    """How a cell is drawn; no colour means the terminal's own."""

    foreground: Optional[str] = None
    background: Optional[str] = None
    bold: bool = False
    dim: bool = False
    italic: bool = False
    underline: bool = False
    reverse: bool = False
    hidden: bool = False
    strike: bool = False

    @property
    def ink(self):
        paper = self.paper or BACKGROUND
        ink = (self.background or BACKGROUND) if self.reverse else (self.foreground or FOREGROUND)
        # Mixed instead of transparent, which would show where the lines of two rows meet.
        return mixed(ink, paper, 0.6) if self.dim else ink

    @property
    def paper(self):
        return (self.foreground or FOREGROUND) if self.reverse else self.background


@dataclass
class Run:
    """Neighbouring cells of one row with the same style."""

    column: int
    columns: int
    text: str
    style: Style


def mixed(ink, paper, share):
    """The colour that `ink` has when only its `share` covers `paper`."""
    pairs = ((int(ink[at:at + 2], 16), int(paper[at:at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(over * share + under * (1 - share)):02x}" for over, under in pairs)


def indexed(number):
    """A colour of the 256."""
    if number < 16:
        return PALETTE[number]
    if number >= 232:
        return "#" + f"{8 + (number - 232) * 10:02x}" * 3
    levels = (0, 95, 135, 175, 215, 255)
    red, rest = divmod(number - 16, 36)
    return "#" + "".join(f"{levels[level]:02x}" for level in (red, *divmod(rest, 6)))


def extended(numbers):
    """The colour behind a 38 or 48: takes its parameters off the front of `numbers`."""
    kind = numbers.pop(0) if numbers else 0
    if kind == 5 and numbers:
        return indexed(min(numbers.pop(0), 255))
    if kind == 2 and len(numbers) >= 3:
        return "#" + "".join(f"{min(numbers.pop(0), 255):02x}" for _ in range(3))
    return None


def restyled(style, parameters):
    """The style after an SGR sequence."""
    numbers = []
    for word in parameters.split(";"):
        parts = word.split(":")
        if parts[0] in ("38", "48", "58") and len(parts) > 5:
            del parts[2]  # 38:2 has a place for the colour space, 38;2 has not.
        if parts[0] == "4":
            # 4:3 is a curl, 4:0 is none.
            numbers.append(24 if parts[1:] == ["0"] else 4)
        else:
            numbers += [int(part or 0) for part in parts]
    while numbers:
        number = numbers.pop(0)
        if number == 0:
            style = Style()
        elif number in ATTRIBUTES:
            style = replace(style, **{ATTRIBUTES[number]: True})
        elif number in ENDS:
            style = replace(style, **{name: False for name in ENDS[number]})
        elif 30 <= number <= 37:
            style = replace(style, foreground=PALETTE[number - 30])
        elif 40 <= number <= 47:
            style = replace(style, background=PALETTE[number - 40])
        elif 90 <= number <= 97:
            style = replace(style, foreground=PALETTE[number - 82])
        elif 100 <= number <= 107:
            style = replace(style, background=PALETTE[number - 92])
        elif number == 38:
            style = replace(style, foreground=extended(numbers))
        elif number == 48:
            style = replace(style, background=extended(numbers))
        elif number == 58:
            extended(numbers)
        elif number == 39:
            style = replace(style, foreground=None)
        elif number == 49:
            style = replace(style, background=None)
    return style


def width(character):
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def parsed(capture):
    """The rows of a capture, each a list of runs."""
    rows = []
    # tmux prints only what changes, and a change may have been on the row above.
    style = Style()
    drawing = False
    for line in capture.split("\n"):
        runs = []
        column = 0
        for token in TOKEN.finditer(line):
            if token["sgr"] is not None:
                style = restyled(style, token["sgr"])
            elif token["shift"]:
                drawing = token["shift"] == "\x0e"
            elif token["text"] and unicodedata.category(token["text"]) not in ("Cc", "Cn", "Cs"):
                character = LINE_DRAWING.get(token["text"], token["text"]) if drawing else token["text"]
                columns = width(character)
                if columns == 0:
                    if runs:
                        runs[-1].text += character
                    continue
                # A wide character keeps to itself: fonts disagree about its width more than about any other.
                joins = runs and runs[-1].style == style and columns == 1 and runs[-1].columns == len(runs[-1].text)
                if joins:
                    runs[-1].text += character
                    runs[-1].columns += 1
                else:
                    runs.append(Run(column, columns, character, style))
                column += columns
        rows.append(runs)
    return rows


def number(value):
    return f"{value:.2f}".rstrip("0").rstrip(".")


def pieces(run):
    """A run without its outer blanks, and cut where many blanks stand: these need no text."""
    for match in re.finditer(r"\S+(?: {1,3}\S+)*", run.text):
        # Before a match in a run of many characters every character takes one column.
        whole = match[0] == run.text
        yield run.column + match.start(), run.columns if whole else len(match[0]), match[0]


def paper(row, runs):
    """The coloured backgrounds of a row, neighbours of one colour as one."""
    spans = []
    for run in runs:
        if run.style.paper is None:
            continue
        if spans and spans[-1][2] == run.style.paper and spans[-1][1] == run.column:
            spans[-1][1] += run.columns
        else:
            spans.append([run.column, run.column + run.columns, run.style.paper])
    for start, end, colour in spans:
        x, y, length = number(start * CELL_WIDTH), number(row * CELL_HEIGHT), number((end - start) * CELL_WIDTH)
        yield f'<rect x="{x}" y="{y}" width="{length}" height="{CELL_HEIGHT}" fill="{colour}"/>'


def ink(row, runs):
    """The texts of a row."""
    for run in runs:
        style = run.style
        if style.hidden:
            continue
        attributes = ""
        if style.ink != FOREGROUND:
            attributes += f' fill="{style.ink}"'
        if style.bold:
            attributes += ' font-weight="bold"'
        if style.italic:
            attributes += ' font-style="italic"'
        for column, columns, text in pieces(run):
            x, y = number(column * CELL_WIDTH), number(row * CELL_HEIGHT + BASELINE)
            length = f' textLength="{number(columns * CELL_WIDTH)}"' if columns > 1 else ""
            yield f'<text x="{x}" y="{y}"{length}{attributes}>{escape(text)}</text>'
        for wanted, height in ((style.underline, BASELINE + 2.5), (style.strike, BASELINE - 4.5)):
            if wanted:
                x, y = number(run.column * CELL_WIDTH), number(row * CELL_HEIGHT + height)
                length = number(run.columns * CELL_WIDTH)
                yield f'<rect x="{x}" y="{y}" width="{length}" height="1" fill="{style.ink}"/>'


def rules(row, runs):
    """Lines and blocks are shapes: as letters they would have gaps wherever a font is not as high as a cell."""
    arms = {"─": "lr", "│": "ud", "┌": "rd", "┐": "ld", "└": "ru", "┘": "lu", "├": "rud", "┤": "lud", "┬": "lrd"}
    arms |= {"┴": "lru", "┼": "lrud", "╭": "rd", "╮": "ld", "╰": "ru", "╯": "lu", "━": "lr", "┃": "ud"}
    middle_x, middle_y = CELL_WIDTH / 2, CELL_HEIGHT / 2
    ends = {"l": (0, middle_y), "r": (CELL_WIDTH, middle_y), "u": (middle_x, 0), "d": (middle_x, CELL_HEIGHT)}
    for run in runs:
        drawn = []
        for offset, character in enumerate(run.text if len(run.text) == run.columns else ""):
            if character not in arms:
                continue
            left, top = (run.column + offset) * CELL_WIDTH, row * CELL_HEIGHT
            for arm in arms[character]:
                x, y = ends[arm]
                drawn.append(
                    f"M{number(left + middle_x)} {number(top + middle_y)}L{number(left + x)} {number(top + y)}")
            run.text = run.text[:offset] + " " + run.text[offset + 1:]
        if drawn and not run.style.hidden:
            yield f'<path d="{"".join(drawn)}" stroke="{run.style.ink}"/>'


def picture(rows, columns, title, cursor):
    screen_width = columns * CELL_WIDTH
    screen_height = len(rows) * CELL_HEIGHT
    total_width = number(screen_width + 2 * MARGIN)
    total_height = number(screen_height + 2 * MARGIN + TITLE_BAR - 4)
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {total_width} {total_height}" width="{total_width}" '
        f'height="{total_height}" role="img" aria-label="{escape(title, {chr(34): "&quot;"})}">'
    )
    yield f"<title>{escape(title)}</title>"
    yield (
        f'<rect x="0.5" y="0.5" width="{number(screen_width + 2 * MARGIN - 1)}" '
        f'height="{number(screen_height + 2 * MARGIN + TITLE_BAR - 5)}" rx="9" fill="{BACKGROUND}" stroke="{BORDER}"/>'
    )
    yield (
        f'<path d="M1 {TITLE_BAR}V9.5A8.5 8.5 0 0 1 9.5 1H{number(screen_width + 2 * MARGIN - 9.5)}'
        f'A8.5 8.5 0 0 1 {number(screen_width + 2 * MARGIN - 1)} 9.5V{TITLE_BAR}Z" fill="{TITLE_BACKGROUND}"/>'
    )
    for index, colour in enumerate(BUTTONS):
        yield f'<circle cx="{20 + 20 * index}" cy="{number(TITLE_BAR / 2)}" r="6" fill="{colour}"/>'
    yield (
        f'<text x="{number(screen_width / 2 + MARGIN)}" y="{number(TITLE_BAR / 2 + 4.5)}" text-anchor="middle" '
        f'font-family="system-ui,-apple-system,\'Segoe UI\',sans-serif" font-size="13" '
        f'fill="{TITLE_FOREGROUND}">{escape(title)}</text>'
    )
    yield (
        f'<g transform="translate({MARGIN} {TITLE_BAR + MARGIN - 4})" font-family="{FONTS}" font-size="{FONT_SIZE}" '
        f'fill="{FOREGROUND}" stroke-linecap="square" xml:space="preserve">'
    )
    for row, runs in enumerate(rows):
        yield from paper(row, runs)
    if cursor:
        x, y = number(cursor[0] * CELL_WIDTH), number(cursor[1] * CELL_HEIGHT)
        yield f'<rect x="{x}" y="{y}" width="{CELL_WIDTH}" height="{CELL_HEIGHT}" fill="{FOREGROUND}" opacity="0.75"/>'
    for row, runs in enumerate(rows):
        lines = list(rules(row, runs))
        yield from lines
        yield from ink(row, runs)
    yield "</g>"
    yield "</svg>"


def place(text):
    column, row = text.split(",")
    return int(column), int(row)


def main():
    parser = argparse.ArgumentParser(description="Draw the output of `tmux capture-pane -e -N -p` as an SVG.")
    parser.add_argument("--columns", type=int, required=True, help="the width of the terminal")
    parser.add_argument("--title", default="swiftchat", help="what stands in the title bar")
    parser.add_argument("--cursor", type=place, metavar="COLUMN,ROW", help="draw the cursor there, counted from 0")
    parser.add_argument("--theme", choices=THEMES, default="dark", help="the colours of the terminal")
    options = parser.parse_args()
    use_theme(options.theme)
    capture = sys.stdin.buffer.read().decode("utf-8", "replace")
    # Every line ends in LF, so that nothing stands behind the last one.
    rows = parsed(capture.removesuffix("\n"))
    output = "\n".join(picture(rows, options.columns, options.title, options.cursor)) + "\n"
    sys.stdout.buffer.write(output.encode())


if __name__ == "__main__":
    main()
