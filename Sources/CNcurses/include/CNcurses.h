// What Swift sees of curses and of signals.
//
// No curses header is included here: what its wide API looks like depends on macros that an imported module does not
// take from its includer, and its globals, macros and variadics cannot be imported by Swift at all.
#ifndef SWIFTCHAT_CNCURSES_H
#define SWIFTCHAT_CNCURSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__clang__)
#pragma clang assume_nonnull begin
#endif

// MARK: Screen

// `A_BOLD` and its like are macros with casts.
enum {
  SWIFTCHAT_BOLD = 1 << 0,
  SWIFTCHAT_UNDERLINED = 1 << 1,
  SWIFTCHAT_REVERSED = 1 << 2,
};

// `newterm` wants stdin and stdout, globals that Swift refuses as shared mutable state. False if the type (NULL: that of
// the environment) is unknown or cannot place the cursor. Sets raw mode; the modes from before return with
// `swiftchat_curses_leave`.
bool swiftchat_curses_open(const char *_Nullable type);

// `endwin`, unless curses has given the terminal back already, and `delscreen`, for the screen that only this file knows.
void swiftchat_curses_close(void);

// `delscreen` alone: nothing is sent to the terminal, and its modes stay as they are.
void swiftchat_curses_abandon(void);

// `endwin`: gives the terminal back until the next flush. Does nothing if it was given back already: a second `rmcup`
// would move the cursor and take another title from the terminal's stack.
void swiftchat_curses_leave(void);

// `resize_term`: unlike `resizeterm` it queues no `KEY_RESIZE`, which nobody would read.
void swiftchat_curses_resize(int rows, int columns);

// `stdscr` is a global. Writes wide characters from a place on; the caller sees to it that they fit into the row.
void swiftchat_curses_put(
  int row, int column, const uint32_t *text, int length, uint32_t attributes, short pair);

// `stdscr` is a global. The row is drawn anew with the next flush, whatever curses believes it shows.
void swiftchat_curses_forget_row(int row);

// `curscr` is a global. The same for the whole screen.
void swiftchat_curses_forget_all(void);

// `stdscr` is a global. A negative row hides the cursor.
void swiftchat_curses_place_cursor(int row, int column);

// `stdscr` is a global. Sends what changed.
void swiftchat_curses_flush(void);

// Writing past curses, where it would move the cursor by its own idea of how wide a text is. The bytes are collected and
// sent by `swiftchat_direct_end`, which also puts the attributes and the cursor back to where curses believes they are.
void swiftchat_direct_begin(void);
// `cursor_address` is a macro.
void swiftchat_direct_move(int row, int column);
// `vid_puts` keeps curses' own record of the attributes in step.
void swiftchat_direct_look(uint32_t attributes, short pair);
void swiftchat_direct_text(const uint32_t *text, int length);
void swiftchat_direct_spaces(int count);
// `clr_eol` is a macro. False if the terminal lacks it.
bool swiftchat_direct_clear_to_end(void);
void swiftchat_direct_end(void);

// `beep`, so that Swift needs no curses header.
void swiftchat_curses_beep(void);

// `COLORS` is a global. 0 if the terminal has no colours; otherwise its own background is the default.
int swiftchat_curses_start_colors(void);

// `init_pair`; -1 is the terminal's own foreground or background.
void swiftchat_curses_set_pair(short pair, short foreground, short background);

// `tigetstr` takes a mutable string and answers -1 as a pointer. NULL if the terminal lacks the capability.
const char *_Nullable swiftchat_curses_capability(const char *name);

// `tigetflag` takes a mutable string.
bool swiftchat_curses_flag(const char *name);

// MARK: System

// Swift's overlay hides `wcwidth` on some systems, and its argument is signed. -1 if the library does not know it.
int swiftchat_width(uint32_t scalar);

// `CODESET` is a macro on some systems and an enumeration on others.
bool swiftchat_locale_is_utf8(void);

// `ioctl` is variadic. False if the descriptor is no terminal or reports no size.
bool swiftchat_terminal_size(int descriptor, int *rows, int *columns);

// MARK: Signals

// A signal handler must not run Swift. Each of SIGWINCH, SIGTERM, SIGHUP, SIGINT, SIGTSTP and SIGCONT is written to the
// descriptor, as one byte; those that were ignored stay ignored. The descriptor must not block.
void swiftchat_signals_install(int descriptor);

// Puts back the handlers from before.
void swiftchat_signals_remove(bool terminal_is_gone);

// Stops the whole job with the signal's default action (SIGTSTP or SIGTTOU); returns when it goes on. False if it was
// not stopped, because no shell could continue it.
bool swiftchat_stop_job(int signal);

// A crash must not leave the terminal in full-screen mode, and a handler may only call what POSIX allows it. Saves the
// modes of the terminal; upon SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT, SIGQUIT and `exit` it writes the
// string, sets the modes and lets the signal do what it did before. Called again, it only replaces the string. At most
// 1024 bytes.
bool swiftchat_crash_guard_install(int descriptor, const uint8_t *reset, size_t length);

// A stack that overflowed has no room for a handler: gives this thread another one, once. The main queue wanders
// between threads on Linux.
void swiftchat_crash_guard_cover_thread(void);

// Puts back the handlers from before; a later exit leaves the terminal alone.
void swiftchat_crash_guard_remove(void);

#if defined(__clang__)
#pragma clang assume_nonnull end
#endif

#endif
