#include "bot/sandbox_link.h"

#include "bot/base/clock.h"
#include "bot/base/log.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { PASS_MAX_MS = 24 * 3600 * 1000 };

struct sandbox_link {
    int fd;
    struct loop_fd *watch;
    struct loop *loop;
    GString *in;
    char *asked; /* the number of the newest question not answered yet */
    bool clock_known;
    void (*clock_moved)(void *data);
    void *data;
};

static void take_line(struct sandbox_link *link, const char *line)
{
    if (g_str_has_prefix(line, "clock ")) {
        clock_set_offset_ms(g_ascii_strtoll(line + strlen("clock "), NULL, 10));
        link->clock_known = true;
        link->clock_moved(link->data);
    } else if (g_str_has_prefix(line, "pass ")) {
        int64_t ms = CLAMP(g_ascii_strtoll(line + strlen("pass "), NULL, 10), 0, PASS_MAX_MS);
        clock_pass_ms(ms);
        loop_pass_ms(link->loop, ms);
    } else if (g_str_has_prefix(line, "idle? ")) {
        g_free(link->asked);
        link->asked = g_strdup(line + strlen("idle? "));
        loop_wake(link->loop);
    }
}

static bool read_some(struct sandbox_link *link)
{
    char buffer[512];
    ssize_t got;
    do
        got = read(link->fd, buffer, sizeof buffer);
    while (got < 0 && errno == EINTR);
    if (got <= 0)
        return false;
    g_string_append_len(link->in, buffer, got);
    char *end;
    while ((end = memchr(link->in->str, '\n', link->in->len)) != NULL) {
        *end = '\0';
        g_autofree char *line = g_strdup(link->in->str);
        g_string_erase(link->in, 0, end - link->in->str + 1);
        take_line(link, line);
    }
    return true;
}

static void readable(uint32_t events, void *data)
{
    (void)events;
    struct sandbox_link *link = data;
    if (!read_some(link)) {
        log_warning("sandbox.gone", "the clock stays where it is");
        loop_fd_remove(link->watch);
        link->watch = NULL;
    }
}

struct sandbox_link *sandbox_link_open(struct loop *loop, const char *path, void (*clock_moved)(void *data), void *data,
                                       GError **error)
{
    struct sandbox_link *link = g_new0(struct sandbox_link, 1);
    link->loop = loop;
    link->clock_moved = clock_moved;
    link->data = data;
    link->in = g_string_new(NULL);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    link->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool fits = g_strlcpy(address.sun_path, path, sizeof address.sun_path) < sizeof address.sun_path;
    if (!fits || link->fd < 0 || connect(link->fd, (struct sockaddr *)&address, sizeof address) != 0) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "ASKWHY_SANDBOX: %s: %s", path,
                    fits ? g_strerror(errno) : "the path is too long");
        sandbox_link_free(link);
        return NULL;
    }
    while (!link->clock_known) {
        if (!read_some(link)) {
            g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "ASKWHY_SANDBOX: %s: the sandbox told no time", path);
            sandbox_link_free(link);
            return NULL;
        }
    }
    link->watch = loop_fd_add(loop, link->fd, EPOLLIN, readable, link);
    return link;
}

void sandbox_link_idle(struct sandbox_link *link)
{
    if (link->asked == NULL)
        return;
    g_autofree char *line = g_strdup_printf("idle %s\n", link->asked);
    g_clear_pointer(&link->asked, g_free);
    if (send(link->fd, line, strlen(line), MSG_NOSIGNAL) < 0)
        log_warning("sandbox.gone", "%s", g_strerror(errno));
}

void sandbox_link_free(struct sandbox_link *link)
{
    if (link == NULL)
        return;
    if (link->watch != NULL)
        loop_fd_remove(link->watch);
    if (link->fd >= 0)
        close(link->fd);
    g_string_free(link->in, TRUE);
    g_free(link->asked);
    g_free(link);
}
