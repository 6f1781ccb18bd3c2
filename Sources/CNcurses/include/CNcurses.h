// The interface of curses and of signals for Swift.
//
// No curses header is included here. The declarations of the wide API depend on macros that an imported module does not
// take from its includer, and Swift cannot import the globals, macros and variadic functions at all.
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
  SWIFTCHAT_ITALIC = 1 << 3,
};

// `newterm` takes stdin and stdout, globals that Swift rejects as shared mutable state. Sets raw mode;
// `swiftchat_curses_leave` restores the previous modes. Returns false if the type is unknown or cannot position the
// cursor. NULL uses the type of the environment.
bool swiftchat_curses_open(const char *_Nullable type);

// `delscreen`, because only CNcurses.c has the screen. Calls `endwin` first, unless the terminal was already released.
void swiftchat_curses_close(void);

// `delscreen` alone: sends nothing to the terminal, and leaves its modes unchanged.
void swiftchat_curses_abandon(void);

// `endwin`: releases the terminal until the next flush. Does nothing if it was released already, because a second
// `rmcup` would move the cursor and pop another title from the terminal's stack.
void swiftchat_curses_leave(void);

// `resize_term`: unlike `resizeterm` it queues no `KEY_RESIZE`, which the program would never read.
void swiftchat_curses_resize(int rows, int columns);

// `stdscr` is a global. Writes wide characters from a cell on; the caller must ensure that they fit into the row.
void swiftchat_curses_put(
  int row, int column, const uint32_t *text, int length, uint32_t attributes, short pair);

// `stdscr` is a global. The next flush redraws the row, whatever curses believes it shows.
void swiftchat_curses_forget_row(int row);

// `curscr` is a global. The next flush redraws the whole screen.
void swiftchat_curses_forget_all(void);

// `stdscr` is a global. A negative row hides the cursor.
void swiftchat_curses_place_cursor(int row, int column);

// `stdscr` is a global. Sends the changes.
void swiftchat_curses_flush(void);

// Direct writing, without curses, which would move the cursor by its own idea of the width of a text. The bytes are
// collected; `swiftchat_direct_end` sends them, and restores the attributes and the cursor that curses expects.
void swiftchat_direct_begin(void);
// `cursor_address` is a macro.
void swiftchat_direct_move(int row, int column);
// `vid_puts` keeps curses' own record of the attributes up to date.
void swiftchat_direct_look(uint32_t attributes, short pair);
void swiftchat_direct_text(const uint32_t *text, int length);
void swiftchat_direct_spaces(int count);
// A sequence that terminfo does not know.
void swiftchat_direct_bytes(const uint8_t *bytes, int length);
// `clr_eol` is a macro. False if the terminal lacks it.
bool swiftchat_direct_clear_to_end(void);
void swiftchat_direct_end(void);

// `beep`, so that Swift needs no curses header.
void swiftchat_curses_beep(void);

// `COLORS` is a global. 0 if the terminal has no colours; otherwise its own background is the default.
int swiftchat_curses_start_colors(void);

// `init_pair`; -1 is the terminal's own foreground or background colour.
void swiftchat_curses_set_pair(short pair, short foreground, short background);

// `tigetstr` takes a mutable string and returns -1 as a pointer. NULL if the terminal lacks the capability.
const char *_Nullable swiftchat_curses_capability(const char *name);

// `tigetflag` takes a mutable string.
bool swiftchat_curses_flag(const char *name);

// `setupterm` and `tigetnum`, without opening a screen: looks the type up in the terminfo database. Returns false if it
// is unknown. `can_move` is whether the cursor can be positioned.
bool swiftchat_terminal_type(const char *type, int *colors, bool *can_move);

// MARK: System

// Swift's overlay hides `wcwidth` on some systems, and its argument is signed. -1 if the library does not know it.
int swiftchat_width(uint32_t scalar);

// `CODESET` is a macro on some systems and an enumeration on others.
bool swiftchat_locale_is_utf8(void);

// `ioctl` is variadic. False if the descriptor is not a terminal or reports no size.
bool swiftchat_terminal_size(int descriptor, int *rows, int *columns);

// `write` for Direct.c and Swift. Writes all bytes, also to a descriptor that another program has made non-blocking;
// stops at any error, such as a terminal that is gone.
void swiftchat_write_all(int descriptor, const uint8_t *bytes, size_t length);

// MARK: Signals

// A signal handler must not run Swift. Writes each SIGWINCH, SIGTERM, SIGHUP, SIGINT, SIGTSTP and SIGCONT to the
// descriptor as one byte; ignored signals stay ignored. The descriptor must be non-blocking.
void swiftchat_signals_install(int descriptor);

// Whether a signal to end has arrived that this thread blocks, and that no other thread has handled yet.
bool swiftchat_signals_end_is_pending(void);

// Restores the previous handlers. After a hangup SIGHUP is ignored instead.
void swiftchat_signals_remove(bool terminal_is_gone);

// Stops the whole job with the signal's default action (SIGTSTP or SIGTTOU); returns when it continues. False if it was
// not stopped, because no shell could continue it.
bool swiftchat_stop_job(int signal);

// SIGQUIT is ignored while another program of the job has the terminal, whose keyboard sends it to the whole job.
void swiftchat_ignore_quit(bool ignores);

// A crash must not leave the terminal in full-screen mode, and a signal handler may only call what POSIX allows. Saves
// the modes of the terminal; on SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT, SIGQUIT and `exit` it writes the
// string, restores the modes and lets the signal take its previous effect. Another call only replaces the string, which
// has at most 1024 bytes.
bool swiftchat_crash_guard_install(int descriptor, const uint8_t *reset, size_t length);

// After a stack overflow a handler needs another stack: provides one for the calling thread, once. On Linux the main
// queue moves between threads.
void swiftchat_crash_guard_cover_thread(void);

// Restores the previous handlers; a later exit leaves the terminal unchanged.
void swiftchat_crash_guard_remove(void);

#if defined(__clang__)
#pragma clang assume_nonnull end
#endif

#endif
