#include "bot/sandbox/link.h"

#include "bot/base/clock.h"
#include "bot/base/log.h"
#include "bot/sandbox/page_socket.h"
#include "bot/sandbox/script.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 200 };

struct bot_link {
    struct sandbox *sandbox;
    char *path;
    int listener, fd; /* fd: -1 while no bot is connected */
    struct loop_fd *listening, *watching;
    GString *in;
};

static void hang_up(struct bot_link *link)
{
    if (link->fd < 0)
        return;
    loop_fd_remove(link->watching);
    close(link->fd);
    link->fd = -1;
    g_string_truncate(link->in, 0);
}

static void send_line(struct bot_link *link, const char *line)
{
    size_t size = strlen(line);
    if (link->fd >= 0 && send(link->fd, line, size, MSG_NOSIGNAL | MSG_DONTWAIT) != (ssize_t)size)
        hang_up(link);
}

void link_tell_clock(struct bot_link *link)
{
    g_autofree char *line = g_strdup_printf("clock %" G_GINT64_FORMAT "\n", clock_offset_ms());
    send_line(link, line);
}

void link_tell_pass(struct bot_link *link, int64_t ms)
{
    g_autofree char *line = g_strdup_printf("pass %" G_GINT64_FORMAT "\n", ms);
    send_line(link, line);
}

void link_ask_idle(struct bot_link *link, guint64 number)
{
    g_autofree char *line = g_strdup_printf("idle? %" G_GUINT64_FORMAT "\n", number);
    send_line(link, line);
}

static void take_line(struct bot_link *link, const char *line)
{
    guint64 number = 0;
    if (g_str_has_prefix(line, "idle ") && g_ascii_string_to_unsigned(line + 5, 10, 0, G_MAXUINT64, &number, NULL)) {
        script_idle(link->sandbox->script, number);
        pages_idle(link->sandbox->pages, number);
    } else {
        log_warning("sandbox.link", "unknown line of %zu bytes", strlen(line));
    }
}

static void on_readable(uint32_t events, void *data)
{
    (void)events;
    struct bot_link *link = data;
    char buffer[512];
    ssize_t size = recv(link->fd, buffer, sizeof buffer, MSG_DONTWAIT);
    if (size < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (size <= 0) {
        hang_up(link);
        return;
    }
    g_string_append_len(link->in, buffer, size);
    char *end;
    while (link->fd >= 0 && (end = memchr(link->in->str, '\n', link->in->len)) != NULL) {
        g_autofree char *line = g_strndup(link->in->str, (gsize)(end - link->in->str));
        g_string_erase(link->in, 0, end - link->in->str + 1);
        take_line(link, line);
    }
    if (link->in->len > LINE_MAX_BYTES)
        hang_up(link);
}

static void on_connection(uint32_t events, void *data)
{
    (void)events;
    struct bot_link *link = data;
    int fd = accept4(link->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0)
        return;
    hang_up(link);
    link->fd = fd;
    link->watching = loop_fd_add(link->sandbox->loop, fd, EPOLLIN, on_readable, link);
    link_tell_clock(link);
    script_bot_came(link->sandbox->script);
    pages_bot_came(link->sandbox->pages);
}

/* A stale socket of an earlier run is removed, anything else is left alone. */
static int listen_at(const char *path, GError **error)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct stat info;
    if (g_strlcpy(address.sun_path, path, sizeof address.sun_path) >= sizeof address.sun_path) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NAMETOOLONG, "%s: too long for a socket's path", path);
        return -1;
    }
    if (lstat(path, &info) == 0 && S_ISSOCK(info.st_mode))
        unlink(path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    mode_t before = umask(0077);
    bool bound = fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof address) == 0 && listen(fd, 4) == 0;
    int problem = errno;
    umask(before);
    if (bound)
        return fd;
    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(problem), "%s: %s", path, g_strerror(problem));
    if (fd >= 0)
        close(fd);
    return -1;
}

struct bot_link *link_new(struct sandbox *sandbox, const char *path, GError **error)
{
    int fd = listen_at(path, error);
    if (fd < 0)
        return NULL;
    struct bot_link *link = g_new0(struct bot_link, 1);
    link->sandbox = sandbox;
    link->path = g_strdup(path);
    link->listener = fd;
    link->fd = -1;
    link->in = g_string_new(NULL);
    link->listening = loop_fd_add(sandbox->loop, fd, EPOLLIN, on_connection, link);
    return link;
}

void link_free(struct bot_link *link)
{
    if (link == NULL)
        return;
    hang_up(link);
    loop_fd_remove(link->listening);
    close(link->listener);
    unlink(link->path);
    g_string_free(link->in, TRUE);
    g_free(link->path);
    g_free(link);
}

bool link_connected(const struct bot_link *link)
{
    return link != NULL && link->fd >= 0;
}

pid_t link_peer(const struct bot_link *link)
{
    struct ucred peer = {0};
    socklen_t size = sizeof peer;
    if (!link_connected(link) || getsockopt(link->fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0)
        return 0;
    return peer.pid;
}
