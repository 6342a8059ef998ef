#include "bot/sandbox/workspace.h"

/* Ids are those of the chat that is imitated: workspace_new() chooses. */
static const struct person born[PEOPLE] = {
    {NULL, "dana", "Dana Reyes", "Sales", "Europe/Tallinn", "en-US", false, false, false},
    {NULL, "sam", "Sam Okafor", "Product owner", "Europe/Tallinn", "en-US", false, false, false},
    {NULL, "mia", "Mia Tamm", "Engineering", "Europe/Tallinn", "en-US", false, false, false},
    {NULL, "ceo", "Alex Kim", "Chief executive", "America/New_York", "en-US", true, false, false},
    {NULL, "jun", "Jun Park", "Support", "Asia/Seoul", "ko-KR", false, false, false},
};
static struct person people[PEOPLE];
static struct group groups[] = {{"S0ENGINEERS", "engineers", NULL}, {"S0SELLERS", "sellers", NULL}};

void people_begin(const char *const ids[PEOPLE])
{
    for (int i = 0; i < PEOPLE; i++) {
        people[i] = born[i];
        people[i].id = ids[i];
    }
    people_end();
    for (guint i = 0; i < G_N_ELEMENTS(groups); i++)
        groups[i].members = g_ptr_array_new();
    g_ptr_array_add(groups[0].members, (void *)person_by_name("mia"));
    g_ptr_array_add(groups[1].members, (void *)person_by_name("dana"));
}

void people_end(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(groups); i++)
        g_clear_pointer(&groups[i].members, g_ptr_array_unref);
}

const struct person *workspace_people(int *count)
{
    *count = PEOPLE;
    return people;
}

const struct person *person_by_id(const char *id)
{
    for (int i = 0; i < PEOPLE; i++) {
        if (g_strcmp0(people[i].id, id) == 0)
            return &people[i];
    }
    return NULL;
}

const struct person *person_by_name(const char *name)
{
    for (int i = 0; i < PEOPLE; i++) {
        if (g_strcmp0(people[i].name, name) == 0)
            return &people[i];
    }
    return NULL;
}

struct person *person_change(const struct person *person)
{
    return &people[person - people];
}

const struct group *workspace_groups(int *count)
{
    *count = G_N_ELEMENTS(groups);
    return groups;
}

const struct group *group_called(const char *called)
{
    for (guint i = 0; i < G_N_ELEMENTS(groups); i++) {
        if (g_strcmp0(groups[i].id, called) == 0 || g_strcmp0(groups[i].handle, called) == 0)
            return &groups[i];
    }
    return NULL;
}

bool group_put(const struct group *group, const struct person *person, bool in)
{
    bool was = g_ptr_array_find(group->members, person, NULL);
    if (was != in && in)
        g_ptr_array_add(group->members, (void *)person);
    else if (was != in)
        g_ptr_array_remove(group->members, (void *)person);
    return was != in;
}
