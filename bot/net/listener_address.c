/* Where the listener stands: an address and port, or a unix socket. */
#include "bot/net/listener_internal.h"

#include <errno.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { BACKLOG = 511 };

static bool fail(GError **error, const char *address, const char *what)
{
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "cannot listen on %s: %s", address, what);
    return false;
}

static bool fail_errno(GError **error, const char *address)
{
    return fail(error, address, g_strerror(errno));
}

/* "host:port", "[v6]:port", ":port" */
static bool split(const char *address, char **host, char **port, GError **error)
{
    const char *colon = strrchr(address, ':');
    gsize digits = colon != NULL ? strspn(colon + 1, "0123456789") : 0;
    if (digits == 0 || digits > 5 || colon[1 + digits] != '\0' || atoi(colon + 1) > 65535)
        return fail(error, address, "it must end with a colon and a port from 0 to 65535");
    gsize length = (gsize)(colon - address);
    bool bracketed = length >= 2 && address[0] == '[' && address[length - 1] == ']';
    if (memchr(address, ':', length) != NULL && !bracketed)
        return fail(error, address, "an IPv6 address stands in brackets: [::1]:8600");
    *host = bracketed ? g_strndup(address + 1, length - 2) : g_strndup(address, length);
    *port = g_strdup(colon + 1);
    return true;
}

static int stand_on(const struct addrinfo *info, bool both)
{
    int fd = socket(info->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    int on = 1, only_6 = both ? 0 : 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (info->ai_family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &only_6, sizeof only_6);
    if (bind(fd, info->ai_addr, info->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0)
        return fd;
    int number = errno;
    close(fd);
    errno = number;
    return -1;
}

static int port_of(int fd)
{
    struct sockaddr_storage name = {0};
    socklen_t size = sizeof name;
    if (getsockname(fd, (struct sockaddr *)&name, &size) != 0)
        return 0;
    const struct sockaddr_in *four = (const struct sockaddr_in *)&name;
    const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)&name;
    return ntohs(name.ss_family == AF_INET6 ? six->sin6_port : four->sin_port);
}

static bool open_port(struct place *place, const char *address, GError **error)
{
    g_autofree char *host = NULL, *port = NULL;
    if (!split(address, &host, &port, error))
        return false;
    bool every = *host == '\0';
    const char *tried[] = {every ? "::" : strcmp(host, "localhost") == 0 ? "127.0.0.1" : host, every ? "0.0.0.0" : NULL};
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE};
    for (int i = 0; i < 2 && tried[i] != NULL && place->fd < 0; i++) {
        struct addrinfo *info = NULL;
        if (getaddrinfo(tried[i], port, &hints, &info) != 0)
            return fail(error, address, "an address in numbers is needed, such as 127.0.0.1:8600");
        place->fd = stand_on(info, every);
        freeaddrinfo(info);
        if (place->fd < 0 && errno == EADDRINUSE)
            break;
    }
    if (place->fd < 0)
        return fail_errno(error, address);
    place->port = port_of(place->fd);
    return true;
}

/* A file left behind by a process that ended is in the way; one that somebody listens on is not ours. */
static bool make_way(const struct sockaddr_un *name, const char *address, GError **error)
{
    struct stat found;
    if (lstat(name->sun_path, &found) != 0)
        return errno == ENOENT || fail_errno(error, address);
    if (!S_ISSOCK(found.st_mode))
        return fail(error, address, "there is a file of that name that is no socket");
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return fail_errno(error, address);
    bool stale = connect(fd, (const struct sockaddr *)name, sizeof *name) != 0 && errno == ECONNREFUSED;
    close(fd);
    if (!stale)
        return fail(error, address, "another process listens there");
    return unlink(name->sun_path) == 0 || errno == ENOENT || fail_errno(error, address);
}

static bool open_unix(struct place *place, const char *address, const char *path, GError **error)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    if (*path != '/' || strlen(path) >= sizeof name.sun_path)
        return fail(error, address, "a socket's path begins with / and has at most 107 characters");
    strcpy(name.sun_path, path);
    if (!make_way(&name, address, error))
        return false;
    place->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    struct stat made;
    if (place->fd < 0 || bind(place->fd, (struct sockaddr *)&name, sizeof name) != 0)
        return fail_errno(error, address);
    place->path = g_strdup(path);
    if (lstat(path, &made) != 0)
        return fail_errno(error, address);
    place->device = made.st_dev;
    place->inode = made.st_ino;
    /* Nobody can connect before listen(), so nobody comes in by the wider mode it was made with. */
    if (chmod(path, 0660) != 0 || listen(place->fd, BACKLOG) != 0)
        return fail_errno(error, address);
    return true;
}

bool place_open(struct place *place, const char *address, GError **error)
{
    *place = (struct place){.fd = -1};
    bool opened = g_str_has_prefix(address, "unix:") ? open_unix(place, address, address + strlen("unix:"), error)
                                                     : open_port(place, address, error);
    if (!opened)
        place_close(place);
    return opened;
}

void place_close(struct place *place)
{
    struct stat found;
    if (place->path != NULL && lstat(place->path, &found) == 0 && found.st_dev == place->device &&
        found.st_ino == place->inode)
        unlink(place->path);
    g_clear_pointer(&place->path, g_free);
    if (place->fd >= 0)
        close(place->fd);
    place->fd = -1;
}
