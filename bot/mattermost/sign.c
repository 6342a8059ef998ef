/* What askwhy gives away and gets back from whoever asks: the contexts of buttons, the states of dialogs. A server of
 * Mattermost does not sign what it sends (developers.mattermost.com, "Interactive messages"), so askwhy does. */
#include "bot/mattermost/mattermost.h"

#include "bot/base/json.h"

#include <openssl/crypto.h>
#include <openssl/hmac.h>

#include <string.h>

enum {
    MAC_SIZE = 16,  /* of HMAC-SHA256's 32: what is too long does not fit into a post of an old server */
    MAC_TEXT = 22,  /* that in base64url */
    STATE_MAX = 16 * 1024,
};

/* ---- HMAC ---- */

/* Each part with its length before it: no two lists of parts are one input. NULL is not "". */
static void add_part(GByteArray *input, const char *part)
{
    guint32 size = part != NULL ? (guint32)strlen(part) : G_MAXUINT32;
    guint32 prefix = GUINT32_TO_BE(size);
    g_byte_array_append(input, (const guint8 *)&prefix, sizeof prefix);
    if (part != NULL)
        g_byte_array_append(input, (const guint8 *)part, size);
}

static char *base64url(const guint8 *data, gsize size)
{
    char *text = g_base64_encode(data, size);
    text[strcspn(text, "=")] = '\0';
    g_strdelimit(text, "+", '-');
    return g_strdelimit(text, "/", '_');
}

/* The key is as long as SHA-256's output when it is askwhy's; HMAC takes any. */
static char *mac_of(const char *key, const char *purpose, const char *const *parts, int n_parts)
{
    g_autoptr(GByteArray) input = g_byte_array_new();
    add_part(input, purpose);
    for (int i = 0; i < n_parts; i++)
        add_part(input, parts[i]);
    guint8 mac[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    if (HMAC(EVP_sha256(), key, (int)strlen(key), input->data, input->len, mac, &size) == NULL || size < MAC_SIZE)
        g_error("no HMAC-SHA256 in this libcrypto");
    return base64url(mac, MAC_SIZE);
}

static bool is_mac(const char *claimed, const char *right)
{
    return strlen(claimed) == MAC_TEXT && CRYPTO_memcmp(claimed, right, MAC_TEXT) == 0;
}

/* ---- Buttons ---- */

static char *button_mac(const char *key, const char *channel, const char *action, const char *value)
{
    const char *parts[] = {channel, action, value};
    return mac_of(key, "button", parts, G_N_ELEMENTS(parts));
}

cJSON *sign_button(const char *key, const char *channel, const char *action, const char *value)
{
    g_autofree char *mac = button_mac(key, channel, action, value);
    cJSON *context = json_object();
    json_put_str(context, "a", action);
    json_put_str(context, "v", value);
    json_put_str(context, "s", mac);
    return context;
}

bool sign_check_button(const char *key, const char *channel, const cJSON *context, const char **action,
                       const char **value)
{
    *action = *value = NULL;
    const char *claimed_action = json_str(context, "a"), *claimed_value = json_str(context, "v");
    const char *claimed = json_str(context, "s");
    bool strange = json_get(context, "v") != NULL && claimed_value == NULL;
    if (channel == NULL || claimed_action == NULL || claimed == NULL || strange)
        return false;
    g_autofree char *mac = button_mac(key, channel, claimed_action, claimed_value);
    if (!is_mac(claimed, mac))
        return false;
    *action = claimed_action;
    *value = claimed_value;
    return true;
}

/* ---- Forms ---- */

/* The names of the fields that hold people (behind @) and channels (behind ~); freed with g_free(). NULL: none. */
static char *id_fields(const struct form *form)
{
    g_autoptr(GString) names = g_string_new(NULL);
    for (int i = 0; i < form->n_fields; i++) {
        const struct field *field = &form->fields[i];
        if (field->kind == FIELD_PERSON || field->kind == FIELD_CHANNEL)
            g_string_append_printf(names, "%s%c%s", names->len > 0 ? " " : "", field->kind == FIELD_PERSON ? '@' : '~',
                                   field->name);
    }
    return names->len > 0 ? g_strdup(names->str) : NULL;
}

/* The HMAC of what follows, a point, and JSON: readable, for it holds no secret. */
char *sign_form(const char *key, const char *user, const struct form *form, const char *op, int64_t expires_ms)
{
    g_autoptr(cJSON) object = json_object();
    json_put_str(object, "f", form->id);
    json_put_str(object, "t", form->state);
    json_put_str(object, "o", op);
    g_autofree char *ids = id_fields(form);
    json_put_str(object, "i", ids);
    json_put_str(object, "u", user);
    json_put_int(object, "e", expires_ms);
    g_autofree char *text = json_text(object);
    const char *parts[] = {text};
    g_autofree char *mac = mac_of(key, "form", parts, 1);
    return g_strconcat(mac, ".", text, NULL);
}

enum sign_verdict sign_check_form(const char *key, const char *user, const char *text, int64_t now_ms,
                                  struct signed_form *form)
{
    *form = (struct signed_form){0};
    gsize size = text != NULL ? strlen(text) : 0;
    if (size <= MAC_TEXT || size > STATE_MAX || text[MAC_TEXT] != '.')
        return SIGN_FORGED;
    const char *said = text + MAC_TEXT + 1;
    g_autofree char *claimed = g_strndup(text, MAC_TEXT);
    const char *parts[] = {said};
    g_autofree char *mac = mac_of(key, "form", parts, 1);
    if (!is_mac(claimed, mac))
        return SIGN_FORGED;
    g_autoptr(cJSON) object = json_parse(said, strlen(said), NULL);
    if (!cJSON_IsObject(object))
        return SIGN_FORGED;
    if (g_strcmp0(json_str(object, "u"), user) != 0)
        return SIGN_OF_ANOTHER;
    if (json_int(object, "e", 0) <= now_ms)
        return SIGN_EXPIRED;
    form->form = g_strdup(json_str(object, "f"));
    form->state = g_strdup(json_str(object, "t"));
    form->op = g_strdup(json_str(object, "o"));
    form->ids = g_strdup(json_str(object, "i"));
    return SIGN_GOOD;
}

void signed_form_done(struct signed_form *form)
{
    g_free(form->form);
    g_free(form->state);
    g_free(form->op);
    g_free(form->ids);
    *form = (struct signed_form){0};
}
