#if defined(__linux__)
#define _GNU_SOURCE
#endif
#define NCURSES_WIDECHAR 1
#define NCURSES_NOMACROS 1
#define _XOPEN_SOURCE_EXTENDED 1

#if defined(__APPLE__)
#include <ncurses.h>
#else
#include <curses.h>
#endif
#include "CNcurses.h"

#include <unistd.h>

// Included last, because its macros have names such as `columns`.
#include <term.h>

attr_t swiftchat_curses_attributes(uint32_t attributes);

static struct {
  unsigned char bytes[4096];
  size_t length;
} direct;

static void direct_send(void) {
  swiftchat_write_all(STDOUT_FILENO, direct.bytes, direct.length);
  direct.length = 0;
}

static int direct_put(int byte) {
  if (direct.length == sizeof(direct.bytes)) direct_send();
  direct.bytes[direct.length++] = (unsigned char)byte;
  return byte;
}

// Does nothing if the terminal lacks the capability.
static bool direct_capability(const char *name) {
  const char *value = swiftchat_curses_capability(name);
  if (value == NULL) return false;
  tputs(value, 1, direct_put);
  return true;
}

void swiftchat_direct_begin(void) {
  direct.length = 0;
  // Text that the terminal believes to be wider than its row must not continue in the next row.
  direct_capability("rmam");
}

void swiftchat_direct_move(int row, int column) {
  if (cursor_address == NULL) return;
  const char *sequence = tparm(cursor_address, row, column, 0, 0, 0, 0, 0, 0, 0);
  if (sequence != NULL) tputs(sequence, 1, direct_put);
}

void swiftchat_direct_look(uint32_t attributes, short pair) {
  vid_puts(swiftchat_curses_attributes(attributes), pair, NULL, direct_put);
}

void swiftchat_direct_text(const uint32_t *text, int length) {
  for (int i = 0; i < length; i++) {
    uint32_t scalar = text[i];
    if (scalar < 0x80) {
      direct_put((int)scalar);
    } else if (scalar < 0x800) {
      direct_put((int)(0xc0 | scalar >> 6));
      direct_put((int)(0x80 | (scalar & 0x3f)));
    } else if (scalar < 0x10000) {
      direct_put((int)(0xe0 | scalar >> 12));
      direct_put((int)(0x80 | (scalar >> 6 & 0x3f)));
      direct_put((int)(0x80 | (scalar & 0x3f)));
    } else {
      direct_put((int)(0xf0 | (scalar >> 18 & 7)));
      direct_put((int)(0x80 | (scalar >> 12 & 0x3f)));
      direct_put((int)(0x80 | (scalar >> 6 & 0x3f)));
      direct_put((int)(0x80 | (scalar & 0x3f)));
    }
  }
}

void swiftchat_direct_spaces(int count) {
  for (int i = 0; i < count; i++) direct_put(' ');
}

void swiftchat_direct_bytes(const uint8_t *bytes, int length) {
  for (int i = 0; i < length; i++) direct_put(bytes[i]);
}

bool swiftchat_direct_clear_to_end(void) { return direct_capability("el"); }

void swiftchat_direct_end(void) {
  swiftchat_direct_look(0, 0);
  direct_capability("smam");
  swiftchat_direct_move(getcury(curscr), getcurx(curscr));
  direct_send();
}
