/* What askwhy gives away and gets back from whoever asks: the contexts of buttons, the states of dialogs. A server of
 * Mattermost does not sign what it sends (developers.mattermost.com, "Interactive messages"), so askwhy does. */
#include "bot/mattermost/mattermost.h"

#include "bot/base/json.h"
#include "bot/base/json_write.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <string.h>

enum {
    MAC_SIZE = 16,  /* of HMAC-SHA256's 32: what is too long does not fit into a post of an old server */
    MAC_TEXT = 22,  /* that in base64url */
    STATE_MAX = 16 * 1024,
};

/* ---- HMAC ---- */

static char *base64url(const guint8 *data, gsize size)
{
    char *text = g_base64_encode(data, size);
    text[strcspn(text, "=")] = '\0';
    g_strdelimit(text, "+", '-');
    return g_strdelimit(text, "/", '_');
}

struct signer {
    EVP_MAC *hmac;
    EVP_MAC_CTX *context; /* the key is in it */
};

/* The key is as long as SHA-256's output when it is askwhy's; HMAC takes any. */
struct signer *signer_new(const char *key)
{
    struct signer *signer = g_new0(struct signer, 1);
    OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char[]){"SHA256"}, 0),
                           OSSL_PARAM_construct_end()};
    signer->hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    signer->context = EVP_MAC_CTX_new(signer->hmac);
    if (signer->context == NULL || EVP_MAC_init(signer->context, (const guint8 *)key, strlen(key), params) != 1)
        g_error("no HMAC-SHA256 in this libcrypto");
    return signer;
}

void signer_free(struct signer *signer)
{
    EVP_MAC_CTX_free(signer->context);
    EVP_MAC_free(signer->hmac);
    g_free(signer);
}

static void add(struct signer *signer, const void *data, gsize size)
{
    if (EVP_MAC_update(signer->context, data, size) != 1)
        g_error("HMAC-SHA256 fails");
}

/* Each part with its length before it: no two lists of parts are one input. NULL is not "". */
static void add_part(struct signer *signer, const char *part)
{
    guint32 size = part != NULL ? (guint32)strlen(part) : G_MAXUINT32;
    guint32 prefix = GUINT32_TO_BE(size);
    add(signer, &prefix, sizeof prefix);
    if (part != NULL)
        add(signer, part, size);
}

static char *mac_of(struct signer *signer, const char *purpose, const char *const *parts, int n_parts)
{
    guint8 mac[EVP_MAX_MD_SIZE];
    size_t size = 0;
    add_part(signer, purpose);
    for (int i = 0; i < n_parts; i++)
        add_part(signer, parts[i]);
    /* The same key once more, for what is signed next. */
    if (EVP_MAC_final(signer->context, mac, &size, sizeof mac) != 1 || size < MAC_SIZE ||
        EVP_MAC_init(signer->context, NULL, 0, NULL) != 1)
        g_error("HMAC-SHA256 fails");
    return base64url(mac, MAC_SIZE);
}

static bool is_mac(const char *claimed, const char *right)
{
    return strlen(claimed) == MAC_TEXT && CRYPTO_memcmp(claimed, right, MAC_TEXT) == 0;
}

/* ---- Buttons ---- */

static char *button_mac(struct signer *signer, const char *channel, const char *action, const char *value)
{
    const char *parts[] = {channel, action, value};
    return mac_of(signer, "button", parts, G_N_ELEMENTS(parts));
}

void sign_button(struct signer *signer, const char *channel, const char *action, const char *value, GString *json)
{
    g_autofree char *mac = button_mac(signer, channel, action, value);
    json_write_open(json, "context", '{');
    json_write_str(json, "a", action);
    json_write_str(json, "v", value);
    json_write_str(json, "s", mac);
    json_write_close(json, '}');
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
    struct signer *signer = signer_new(key);
    g_autofree char *mac = button_mac(signer, channel, claimed_action, claimed_value);
    signer_free(signer);
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

static char *form_mac(const char *key, const char *text)
{
    struct signer *signer = signer_new(key);
    char *mac = mac_of(signer, "form", &text, 1);
    signer_free(signer);
    return mac;
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
    g_autofree char *mac = form_mac(key, text);
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
    g_autofree char *mac = form_mac(key, said);
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
