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

#include <errno.h>
#include <langinfo.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

// Also used by Direct.c.
attr_t swiftchat_curses_attributes(uint32_t attributes);

// Declared here because the curses header may have been imported as a module without NCURSES_WIDECHAR.
extern int waddnwstr(WINDOW *, const wchar_t *, int);

_Static_assert(sizeof(wchar_t) == sizeof(uint32_t), "wide characters are scalars");

static SCREEN *screen = NULL;

bool swiftchat_curses_open(const char *type) {
  fflush(stdout);
  screen = newterm(type, stdout, stdin);
  if (screen == NULL) return false;
  // Some known terminals cannot position the cursor.
  if (swiftchat_curses_capability("cup") == NULL) {
    swiftchat_curses_close();
    return false;
  }
  raw();
  noecho();
  nonl();
  // Otherwise curses stops an update midway while input is waiting, which curses never reads here.
  typeahead(-1);
  scrollok(stdscr, FALSE);
  leaveok(stdscr, FALSE);
  return true;
}

void swiftchat_curses_close(void) {
  swiftchat_curses_leave();
  swiftchat_curses_abandon();
}

void swiftchat_curses_abandon(void) {
  if (screen == NULL) return;
  delscreen(screen);
  screen = NULL;
}

void swiftchat_curses_leave(void) {
  if (screen != NULL && !isendwin()) endwin();
}

void swiftchat_curses_resize(int rows, int columns) { resize_term(rows, columns); }

attr_t swiftchat_curses_attributes(uint32_t attributes) {
  attr_t look = A_NORMAL;
  if (attributes & SWIFTCHAT_BOLD) look |= A_BOLD;
  if (attributes & SWIFTCHAT_UNDERLINED) look |= A_UNDERLINE;
  if (attributes & SWIFTCHAT_REVERSED) look |= A_REVERSE;
#ifdef A_ITALIC
  if (attributes & SWIFTCHAT_ITALIC) look |= A_ITALIC;
#endif
  return look;
}

void swiftchat_curses_put(
  int row, int column, const uint32_t *text, int length, uint32_t attributes, short pair
) {
  attr_t look = swiftchat_curses_attributes(attributes);
  if (wmove(stdscr, row, column) == ERR) return;
  wattr_set(stdscr, look, pair, NULL);
  // In the last cell of the screen the cursor cannot advance and the call fails, but the cell is written.
  waddnwstr(stdscr, (const wchar_t *)text, length);
}

void swiftchat_curses_forget_row(int row) { wredrawln(stdscr, row, 1); }

void swiftchat_curses_forget_all(void) { clearok(curscr, TRUE); }

void swiftchat_curses_place_cursor(int row, int column) {
  curs_set(row < 0 ? 0 : 1);
  if (row >= 0) wmove(stdscr, row, column);
}

void swiftchat_curses_flush(void) {
  wnoutrefresh(stdscr);
  doupdate();
}

void swiftchat_curses_beep(void) { beep(); }

int swiftchat_curses_start_colors(void) {
  if (!has_colors() || start_color() == ERR || use_default_colors() == ERR) return 0;
  return COLORS;
}

void swiftchat_curses_set_pair(short pair, short foreground, short background) {
  init_pair(pair, foreground, background);
}

const char *swiftchat_curses_capability(const char *name) {
  const char *value = tigetstr((char *)name);
  return value == (const char *)-1 ? NULL : value;
}

bool swiftchat_curses_flag(const char *name) { return tigetflag((char *)name) > 0; }

int swiftchat_width(uint32_t scalar) { return wcwidth((wchar_t)scalar); }

bool swiftchat_locale_is_utf8(void) { return strcmp(nl_langinfo(CODESET), "UTF-8") == 0; }

bool swiftchat_terminal_size(int descriptor, int *rows, int *columns) {
  struct winsize size;
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0) return false;
  *rows = size.ws_row;
  *columns = size.ws_col;
  return true;
}

void swiftchat_write_all(int descriptor, const uint8_t *bytes, size_t length) {
  size_t written = 0;
  while (written < length) {
    ssize_t count = write(descriptor, bytes + written, length - written);
    if (count > 0) {
      written += (size_t)count;
    } else if (count < 0 && errno == EAGAIN) {
      struct pollfd watched = {.fd = descriptor, .events = POLLOUT};
      poll(&watched, 1, -1);
    } else if (count == 0 || errno != EINTR) {
      break;
    }
  }
}
