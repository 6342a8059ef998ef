/* The server's side of a WebSocket upgrade, by hand (RFC 6455, section 4.2.2). */
#ifndef ASKWHY_TEST_UPGRADE_H
#define ASKWHY_TEST_UPGRADE_H

#include <glib.h>
#include <string.h>

/* The answer to the upgrade request in text; NULL when it is none. */
static inline char *upgrade_answer(const char *text)
{
    const char *key = strcasestr(text, "Sec-WebSocket-Key: ");
    if (key == NULL)
        return NULL;
    key += strlen("Sec-WebSocket-Key: ");
    g_autofree char *both = g_strdup_printf("%.*s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", (int)strcspn(key, "\r"), key);
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA1);
    g_checksum_update(sum, (const guchar *)both, -1);
    guint8 digest[20];
    gsize size = sizeof digest;
    g_checksum_get_digest(sum, digest, &size);
    g_autofree char *proof = g_base64_encode(digest, size);
    return g_strdup_printf("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                           "Sec-WebSocket-Accept: %s\r\n\r\n", proof);
}

#endif
