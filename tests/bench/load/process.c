#include "tests/bench/load/process.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void read_proc(pid_t pid, const char *name, char **text)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/%s", (int)pid, name);
    if (!g_file_get_contents(path, text, NULL, NULL))
        g_error("process %d is gone; see its log", (int)pid);
}

static int64_t number_after(const char *text, const char *name)
{
    const char *at = strstr(text, name);
    return at != NULL ? g_ascii_strtoll(at + strlen(name), NULL, 10) : 0;
}

pid_t process_start(char *const *argv, char *const *environment, const char *folder, const char *log)
{
    g_autoptr(GStrvBuilder) all = g_strv_builder_new();
    for (int i = 0; environment[i] != NULL; i++)
        g_strv_builder_add(all, environment[i]);
    const char *const kept[] = {"PATH", "HOME"};
    for (gsize i = 0; i < G_N_ELEMENTS(kept); i++) {
        g_autofree char *line = g_strdup_printf("%s=%s", kept[i], g_getenv(kept[i]) != NULL ? g_getenv(kept[i]) : "");
        g_strv_builder_add(all, line);
    }
    g_auto(GStrv) variables = g_strv_builder_end(all);
    FILE *said = fopen(log, "ae");
    if (said == NULL)
        g_error("%s: cannot be written", log);
    g_autoptr(GError) error = NULL;
    GPid pid;
    if (!g_spawn_async_with_fds(folder, (char **)argv, variables, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid, -1,
                                fileno(said), fileno(said), &error))
        g_error("%s", error->message);
    fclose(said);
    return pid;
}

bool process_lives(pid_t pid)
{
    return waitpid(pid, NULL, WNOHANG) == 0;
}

void process_end(pid_t pid)
{
    kill(pid, SIGTERM);
    for (int i = 0; i < 1500; i++) {
        if (waitpid(pid, NULL, WNOHANG) == pid)
            return;
        g_usleep(10000);
    }
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

double process_cpu_s(pid_t pid)
{
    g_autofree char *text = NULL;
    read_proc(pid, "stat", &text);
    const char *at = strrchr(text, ')');
    unsigned long long user = 0, system = 0;
    if (at == NULL || sscanf(at + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu", &user, &system) != 2)
        g_error("/proc/%d/stat cannot be understood", (int)pid);
    return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

struct memory process_memory(pid_t pid)
{
    g_autofree char *text = NULL;
    read_proc(pid, "smaps_rollup", &text);
    return (struct memory){
        .resident_kb = number_after(text, "\nRss:"),
        .private_kb = number_after(text, "\nPrivate_Clean:") + number_after(text, "\nPrivate_Dirty:"),
    };
}

int64_t process_peak_kb(pid_t pid)
{
    g_autofree char *text = NULL;
    read_proc(pid, "status", &text);
    return number_after(text, "\nVmHWM:");
}
