/* A folder of its own for each test, the environment cleared of options, and what a load said. */
#ifndef ASKWHY_TEST_PLACE_H
#define ASKWHY_TEST_PLACE_H

#include "config/config.h"
#include "config/options.h"
#include "tests/folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define APP_TOKEN "xapp-1-A0STORY001-17-0123456789abcdef"
#define BOT_TOKEN "xoxb-17-42-StoryStoryStory"

static char *folder;
static GPtrArray *errors;
static struct config *config;

G_GNUC_UNUSED static void write_mode(const char *name, const char *text, mode_t mode)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    assert_true(g_file_set_contents(path, text, -1, NULL));
    assert_int_equal(chmod(path, mode), 0);
}

G_GNUC_UNUSED static void load(const char *file)
{
    config_free(config);
    g_ptr_array_set_size(errors, 0);
    config = config_load(file, errors);
}

/* Writes askwhy.conf (which only we can read) and loads it. */
G_GNUC_UNUSED static void load_text(const char *text)
{
    write_mode("askwhy.conf", text, 0600);
    load(NULL);
}

G_GNUC_UNUSED static bool list_has(const GPtrArray *list, const char *part)
{
    for (guint i = 0; i < list->len; i++) {
        if (strstr(g_ptr_array_index(list, i), part) != NULL)
            return true;
    }
    return false;
}

#define assert_said(part) assert_true(list_has(errors, part))
G_GNUC_UNUSED static void assert_no_errors(void)
{
    for (guint i = 0; i < errors->len; i++)
        print_error("unexpected: %s\n", (char *)g_ptr_array_index(errors, i));
    assert_int_equal(errors->len, 0);
}

static void clear_environment(void)
{
    for (int i = 0; i < CONFIG_OPTIONS; i++) {
        g_autofree char *file = g_strconcat(options[i].name, "_FILE", NULL);
        unsetenv(options[i].name);
        unsetenv(file);
    }
    unsetenv("STATE_DIRECTORY");
    unsetenv("CREDENTIALS_DIRECTORY");
}

static int enter(void **state)
{
    (void)state;
    folder = g_dir_make_tmp("askwhy-config-XXXXXX", NULL);
    errors = g_ptr_array_new_with_free_func(g_free);
    clear_environment();
    return folder != NULL ? chdir(folder) : -1;
}

static int leave(void **state)
{
    (void)state;
    config_free(config);
    config = NULL;
    g_ptr_array_unref(errors);
    clear_environment();
    int result = chdir("/") || remove_folder(folder);
    g_free(folder);
    return result;
}

/* What `askwhy check` prints of the configuration; free with g_free(). */
G_GNUC_UNUSED static char *effective(void)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    config_print_effective(config, out);
    fclose(out);
    char *copy = g_strdup(text);
    free(text);
    return copy;
}

#endif
