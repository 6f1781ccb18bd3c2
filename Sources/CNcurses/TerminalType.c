#define NCURSES_NOMACROS 1

#if defined(__APPLE__)
#include <ncurses.h>
#else
#include <curses.h>
#endif
#include "CNcurses.h"

#include <unistd.h>

// Included last, because its macros have names such as `columns`.
#include <term.h>

bool swiftchat_terminal_type(const char *type, int *colors, bool *can_move) {
  int outcome = 0;
  TERMINAL *former = set_curterm(NULL);
  bool is_known = setupterm((char *)type, STDOUT_FILENO, &outcome) == OK;
  if (is_known) {
    *colors = tigetnum((char *)"colors");
    const char *position = tigetstr((char *)"cup");
    *can_move = position != NULL && position != (const char *)-1;
    del_curterm(cur_term);
  }
  set_curterm(former);
  return is_known;
}
