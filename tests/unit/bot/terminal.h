/* For stories of an operator who types askwhy's commands: a folder, the database in it, and what was said. */
#ifndef ASKWHY_TEST_TERMINAL_H
#define ASKWHY_TEST_TERMINAL_H

#include "overheard.h"

#include "bot/cli.h"
#include "commands/say.h"
#include "store/log.h"
#include "tests/folder.h"

#include <string.h>

struct story {
    char *dir, *path, *said;
};

static inline int begin(void **state)
{
    struct story *s = g_new0(struct story, 1);
    g_autofree char *why = NULL;
    assert_true(say_init(&why));
    s->dir = g_dir_make_tmp("askwhy-terminal-XXXXXX", NULL);
    s->path = g_build_filename(s->dir, "askwhy.db", NULL);
    g_setenv("ASKWHY_DATABASE", s->path, TRUE);
    *state = s;
    return 0;
}

static inline int end(void **state)
{
    struct story *s = *state;
    remove_folder(s->dir);
    g_free(s->dir);
    g_free(s->path);
    g_free(s->said);
    g_free(s);
    say_done();
    return 0;
}

/* Types words, closed by NULL; what is said on both outputs is kept. */
static inline int type(struct story *s, int (*run)(int argc, char **argv), ...)
{
    char *argv[12] = {(char *)"askwhy", (char *)"-c", (char *)"/dev/null"};
    int argc = 3;
    va_list words;
    va_start(words, run);
    for (char *word; argc < 11 && (word = va_arg(words, char *)) != NULL;)
        argv[argc++] = word;
    va_end(words);
    g_autofree char *file = g_build_filename(s->dir, "out", NULL);
    struct overheard was = overhear(file);
    int status = run(argc, argv);
    g_free(s->said);
    s->said = overheard(&was);
    return status;
}

static inline void assert_said(struct story *s, const char *text)
{
    if (strstr(s->said, text) == NULL)
        fail_msg("\"%s\" was not said in\n%s", text, s->said);
}

#endif
