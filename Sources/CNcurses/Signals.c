#if defined(__linux__)
#define _GNU_SOURCE
#endif
#include "CNcurses.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

// MARK: Reported signals

static const int reported[] = {SIGWINCH, SIGTERM, SIGHUP, SIGINT, SIGTSTP, SIGCONT};
static struct sigaction reported_before[COUNT(reported)];
static volatile sig_atomic_t report_descriptor = -1;
static volatile sig_atomic_t has_hung_up = 0;

static void report(int signal) {
  int error = errno;
  unsigned char byte = (unsigned char)signal;
  if (signal == SIGHUP) has_hung_up = 1;
  // If the pipe is full, the reader has enough signals already.
  if (write(report_descriptor, &byte, 1) < 0) errno = error;
  errno = error;
}

void swiftchat_signals_install(int descriptor) {
  report_descriptor = descriptor;
  struct sigaction action = {.sa_handler = report, .sa_flags = SA_RESTART};
  sigemptyset(&action.sa_mask);
  for (size_t i = 0; i < COUNT(reported); i++) {
    sigaction(reported[i], NULL, &reported_before[i]);
    // Ignored signals stay ignored, as `nohup` and shells without job control intend.
    if (reported_before[i].sa_handler == SIG_IGN) continue;
    sigaction(reported[i], &action, NULL);
  }
}

bool swiftchat_signals_end_is_pending(void) {
  sigset_t pending;
  if (sigpending(&pending) != 0) return false;
  return sigismember(&pending, SIGTERM) == 1 || sigismember(&pending, SIGHUP) == 1 || sigismember(&pending, SIGINT) == 1;
}

void swiftchat_signals_remove(bool terminal_is_gone) {
  // The end of a terminal is reported by its program, by the kernel and by the end of the input, in any order. A second
  // report must not interrupt the clean-up that the first one started.
  struct sigaction ignored = {.sa_handler = SIG_IGN};
  sigemptyset(&ignored.sa_mask);
  for (size_t i = 0; i < COUNT(reported); i++) {
    bool is_expected = reported[i] == SIGHUP && (has_hung_up || terminal_is_gone);
    sigaction(reported[i], is_expected ? &ignored : &reported_before[i], NULL);
  }
  report_descriptor = -1;
}

static volatile sig_atomic_t was_continued = 0;

static void note_continuation(int signal) {
  (void)signal;
  was_continued = 1;
}

bool swiftchat_stop_job(int signal) {
  struct sigaction ignored = {.sa_handler = SIG_IGN}, stop = {.sa_handler = SIG_DFL}, before;
  struct sigaction note = {.sa_handler = note_continuation, .sa_flags = SA_RESTART}, continuation_before;
  sigset_t concerned, mask;
  sigemptyset(&ignored.sa_mask);
  sigemptyset(&stop.sa_mask);
  sigemptyset(&note.sa_mask);
  sigemptyset(&concerned);
  sigaddset(&concerned, signal);
  sigaddset(&concerned, SIGCONT);
  was_continued = 0;
  // Stops the rest of the job first. A signal to the process might be handled by another thread after this one has
  // continued; a signal to the thread itself stops the process before `raise` returns.
  sigaction(signal, &ignored, &before);
  kill(0, signal);
  // If the first thread blocked the signal at that moment, it is pending now, and would stop this process a second time.
  // Ignoring it once more discards it.
  sigaction(signal, &ignored, NULL);
  sigaction(SIGCONT, &note, &continuation_before);
  sigaction(signal, &stop, NULL);
  pthread_sigmask(SIG_UNBLOCK, &concerned, &mask);
  raise(signal);
  // Another thread may handle SIGCONT. If the stop signal was discarded, as in an orphaned job, SIGCONT never comes.
  for (int i = 0; i < 20 && !was_continued; i++) poll(NULL, 0, 5);
  pthread_sigmask(SIG_SETMASK, &mask, NULL);
  sigaction(signal, &before, NULL);
  sigaction(SIGCONT, &continuation_before, NULL);
  return was_continued;
}

void swiftchat_ignore_quit(bool ignores) {
  static struct sigaction before;
  static bool is_ignored = false;
  struct sigaction ignored = {.sa_handler = SIG_IGN};
  sigemptyset(&ignored.sa_mask);
  if (ignores != is_ignored) sigaction(SIGQUIT, ignores ? &ignored : &before, ignores ? &before : NULL);
  is_ignored = ignores;
}

// MARK: Crashes

static const int fatal[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT, SIGQUIT};
static struct sigaction fatal_before[COUNT(fatal)];

static struct {
  volatile sig_atomic_t armed;
  // Whether the previous handlers are called too.
  bool hands_over;
  int descriptor;
  pid_t process;
  struct termios modes;
  unsigned char reset[1024];
  size_t length;
} guard;

// Async-signal-safe: calls only what POSIX allows in a signal handler.
static void restore_terminal(void) {
  // A forked child inherits the handlers, but must not touch the terminal.
  if (!guard.armed || guard.process != getpid()) return;
  guard.armed = 0;
  size_t written = 0;
  // Another program may have made the terminal non-blocking. After two seconds of waiting the rest is given up, so that
  // the process ends.
  for (int waits = 0; written < guard.length && waits < 20;) {
    ssize_t count = write(guard.descriptor, guard.reset + written, guard.length - written);
    if (count > 0) {
      written += (size_t)count;
      continue;
    }
    if (count == 0 || (errno != EAGAIN && errno != EINTR)) break;
    waits++;
    struct pollfd watched = {.fd = guard.descriptor, .events = POLLOUT};
    if (errno == EAGAIN) poll(&watched, 1, 100);
  }
  tcsetattr(guard.descriptor, TCSANOW, &guard.modes);
}

static void crashed(int signal, siginfo_t *info, void *context) {
  restore_terminal();
  for (size_t i = 0; i < COUNT(fatal); i++) {
    if (fatal[i] != signal || !guard.hands_over) continue;
    const struct sigaction *before = &fatal_before[i];
    // Called from here, so that the previous handler sees the context of the crash.
    if (before->sa_flags & SA_SIGINFO) {
      before->sa_sigaction(signal, info, context);
    } else if (before->sa_handler != SIG_DFL && before->sa_handler != SIG_IGN) {
      before->sa_handler(signal);
    }
  }
  // Ends the process even if that handler expects to continue: a signal from another process is not repeated, and the
  // program would go on drawing on a terminal that it has given back.
  struct sigaction end = {.sa_handler = SIG_DFL};
  sigemptyset(&end.sa_mask);
  sigaction(signal, &end, NULL);
  // The signal is blocked in this handler, and arrives when the handler returns.
  raise(signal);
}

void swiftchat_crash_guard_cover_thread(void) {
  // One stack for all threads, because a process crashes only once.
  static unsigned char memory[65536];
  static _Thread_local bool is_covered = false;
  stack_t present;
  if (is_covered) return;
  is_covered = true;
  if (sigaltstack(NULL, &present) != 0 || !(present.ss_flags & SS_DISABLE)) return;
  stack_t stack = {.ss_sp = memory, .ss_size = sizeof(memory), .ss_flags = 0};
  sigaltstack(&stack, NULL);
}

bool swiftchat_crash_guard_install(int descriptor, const uint8_t *reset, size_t length) {
  static bool exits_are_watched = false;
  if (length > sizeof(guard.reset)) return false;
  guard.length = 0;
  memcpy(guard.reset, reset, length);
  guard.length = length;
  if (guard.armed) return true;
  if (tcgetattr(descriptor, &guard.modes) != 0) return false;
  guard.descriptor = descriptor;
  guard.process = getpid();
  // Swift's handler asks on the terminal how to continue, and waits for 30 seconds. SWIFT_BACKTRACE requests its
  // backtrace.
  guard.hands_over = getenv("SWIFT_BACKTRACE") != NULL;
  guard.armed = 1;
  if (!exits_are_watched) exits_are_watched = atexit(restore_terminal) == 0;
  swiftchat_crash_guard_cover_thread();
  struct sigaction action = {.sa_sigaction = crashed, .sa_flags = SA_ONSTACK | SA_SIGINFO};
  sigemptyset(&action.sa_mask);
  // A background job can set the terminal modes only while SIGTTOU is blocked.
  sigaddset(&action.sa_mask, SIGTTOU);
  for (size_t i = 0; i < COUNT(fatal); i++) sigaction(fatal[i], &action, &fatal_before[i]);
  return true;
}

void swiftchat_crash_guard_remove(void) {
  if (!guard.armed) return;
  guard.armed = 0;
  for (size_t i = 0; i < COUNT(fatal); i++) sigaction(fatal[i], &fatal_before[i], NULL);
}
