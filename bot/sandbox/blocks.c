#include "bot/sandbox/blocks.h"

#include <string.h>

static void complete_element(cJSON *element, int *number)
{
    if (cJSON_IsObject(element) && json_get(element, "action_id") == NULL &&
        strcmp(json_str0(element, "type"), "image") != 0) {
        g_autofree char *id = g_strdup_printf("act%d", (*number)++);
        json_put_str(element, "action_id", id);
    }
}

void blocks_complete(cJSON *blocks)
{
    int number = 0;
    for (cJSON *block = blocks != NULL ? blocks->child : NULL; block != NULL; block = block->next) {
        const char *type = json_str0(block, "type");
        if (json_get(block, "block_id") == NULL) {
            g_autofree char *id = g_strdup_printf("blk%d", number++);
            json_put_str(block, "block_id", id);
        }
        complete_element((cJSON *)json_get(block, "accessory"), &number);
        complete_element((cJSON *)json_get(block, "element"), &number);
        const cJSON *elements = strcmp(type, "actions") == 0 ? json_get(block, "elements") : NULL;
        for (cJSON *element = elements != NULL ? elements->child : NULL; element != NULL; element = element->next)
            complete_element(element, &number);
    }
}

void blocks_each(const cJSON *blocks, void (*visit)(const cJSON *block, const cJSON *element, void *data), void *data)
{
    for (const cJSON *block = blocks != NULL ? blocks->child : NULL; block != NULL; block = block->next) {
        const cJSON *single[] = {json_get(block, "accessory"), json_get(block, "element")};
        for (guint i = 0; i < G_N_ELEMENTS(single); i++) {
            if (json_str(single[i], "action_id") != NULL)
                visit(block, single[i], data);
        }
        const cJSON *element = strcmp(json_str0(block, "type"), "actions") == 0 ? json_get(block, "elements") : NULL;
        for (element = element != NULL ? element->child : NULL; element != NULL; element = element->next)
            visit(block, element, data);
    }
}

struct search {
    const char *block_id, *action_id;
    const cJSON *block, *element;
};

static void search_visit(const cJSON *block, const cJSON *element, void *data)
{
    struct search *search = data;
    if (strcmp(json_str0(block, "block_id"), search->block_id) == 0 &&
        strcmp(json_str0(element, "action_id"), search->action_id) == 0) {
        search->block = block;
        search->element = element;
    }
}

const cJSON *blocks_find(const cJSON *blocks, const char *block_id, const char *action_id, const cJSON **block)
{
    struct search search = {block_id, action_id, NULL, NULL};
    blocks_each(blocks, search_visit, &search);
    if (block != NULL)
        *block = search.block;
    return search.element;
}
