/* A bot as a process: started, looked at in /proc, ended. */
#ifndef ASKWHY_BENCH_PROCESS_H
#define ASKWHY_BENCH_PROCESS_H

#include <glib.h>
#include <stdbool.h>
#include <sys/types.h>

struct memory {
    int64_t resident_kb, private_kb;
};

/* environment: NULL-terminated NAME=value, beside PATH and HOME. Output is appended to log. Ends the
 * benchmark when it cannot be started. */
pid_t process_start(char *const *argv, char *const *environment, const char *folder, const char *log);
/* SIGTERM, and SIGKILL after 15 s. */
void process_end(pid_t pid);
bool process_lives(pid_t pid);
/* Of all its threads, user and system. */
double process_cpu_s(pid_t pid);
struct memory process_memory(pid_t pid);
int64_t process_peak_kb(pid_t pid); /* resident */

#endif
