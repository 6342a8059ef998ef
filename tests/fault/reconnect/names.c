/* Preloaded into the bot: names under .test resolve to loopback, except those that a file names at the moment. */
#include <dlfcn.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef int resolve(const char *, const char *, const struct addrinfo *, struct addrinfo **);

static int is_failing(const char *node)
{
    const char *path = getenv("ASKWHY_TEST_FAILING_NAMES");
    FILE *file = path != NULL ? fopen(path, "re") : NULL;
    char line[64];
    int failing = 0;
    while (file != NULL && !failing && fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        failing = strcmp(line, node) == 0;
    }
    if (file != NULL)
        fclose(file);
    return failing;
}

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **found)
{
    resolve *real;
    *(void **)&real = dlsym(RTLD_NEXT, "getaddrinfo");
    size_t length = node != NULL ? strlen(node) : 0;
    if (length < 5 || strcmp(node + length - 5, ".test") != 0)
        return real(node, service, hints, found);
    return is_failing(node) ? EAI_AGAIN : real("127.0.0.1", service, hints, found);
}
