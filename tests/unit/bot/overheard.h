/* What is said on standard output and standard error meanwhile goes to a file. */
#ifndef ASKWHY_TEST_OVERHEARD_H
#define ASKWHY_TEST_OVERHEARD_H

#include <fcntl.h>
#include <glib.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

struct overheard {
    int out, err;
    const char *path;
};

static inline struct overheard overhear(const char *path)
{
    fflush(stdout);
    struct overheard was = {.out = dup(STDOUT_FILENO), .err = dup(STDERR_FILENO), .path = path};
    int file = open(path, O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
    dup2(file, STDOUT_FILENO);
    dup2(file, STDERR_FILENO);
    close(file);
    return was;
}

/* What was said; free with g_free(). */
static inline char *overheard(struct overheard *was)
{
    fflush(stdout);
    dup2(was->out, STDOUT_FILENO);
    dup2(was->err, STDERR_FILENO);
    close(was->out);
    close(was->err);
    char *said = NULL;
    assert_true(g_file_get_contents(was->path, &said, NULL, NULL));
    return said;
}

#endif
