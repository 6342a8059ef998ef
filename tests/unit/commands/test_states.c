/* The table of states: the README's picture and the help follow it, and every state leads where the store thinks. */
#include "asks.h"

#include "commands/states.h"

/* States drawn in a box, for arrows that start from all of them; each of the first holds the one below it. */
enum { NESTED = 3 };
static const struct {
    const char *name, *states, *more; /* states: all in it; more: those not in the box below */
} boxes[] = {
    {"open", "waiting clear accepted later started paused", "started paused"},
    {"not_begun", "waiting clear accepted later", "accepted"},
    {"undecided", "waiting clear later", "waiting clear later"},
    {"ended", "declined shelved merged withdrawn", "declined shelved merged withdrawn"},
};

struct arrow {
    const char *from, *to;
    char *label;
};

static bool holds(const char *states, const char *state)
{
    struct transition all = {.from = states};
    return transition_starts_from(&all, state);
}

static void add_arrow(GArray *arrows, const char *from, const struct transition *t)
{
    for (guint i = 0; i < arrows->len; i++) {
        struct arrow *arrow = &g_array_index(arrows, struct arrow, i);
        if (strcmp(arrow->from, from) != 0 || strcmp(arrow->to, t->to) != 0)
            continue;
        char *both = g_strconcat(arrow->label, ", ", t->verb, NULL);
        g_free(arrow->label);
        arrow->label = both;
        return;
    }
    struct arrow arrow = {.from = from, .to = t->to, .label = g_strdup(t->verb)};
    g_array_append_val(arrows, arrow);
}

/* The box of just these states, when the arrow leaves it. */
static const char *box_of(GString *from, const char *to)
{
    for (gsize i = 0; i < G_N_ELEMENTS(boxes); i++) {
        g_auto(GStrv) states = g_strsplit(boxes[i].states, " ", -1);
        bool all = from->len == strlen(boxes[i].states) + 1 && !holds(boxes[i].states, to);
        for (int n = 0; all && states[n] != NULL; n++)
            all = holds(from->str, states[n]);
        if (all)
            return boxes[i].name;
    }
    return NULL;
}

static void add_verb(GArray *arrows, const struct transition *t)
{
    GString *from = g_string_new(NULL);
    for (const char *const *state = all_states; *state != NULL; state++) {
        bool leads = false;
        for (const struct transition *row = transitions; row->verb != NULL; row++)
            leads = leads || (strcmp(row->verb, t->verb) == 0 && strcmp(row->to, t->to) == 0 &&
                              transition_starts_from(row, *state));
        if (leads)
            g_string_append_printf(from, " %s", *state);
    }
    const char *box = box_of(from, t->to);
    if (*t->from == '\0')
        add_arrow(arrows, "[*]", t);
    else if (box != NULL)
        add_arrow(arrows, box, t);
    for (const char *const *state = all_states; box == NULL && *state != NULL; state++) {
        if (holds(from->str, *state))
            add_arrow(arrows, *state, t);
    }
    g_string_free(from, TRUE);
}

static void draw_box(GString *picture, const char *name, const char *states, int deep)
{
    g_auto(GStrv) inside = g_strsplit(states, " ", -1);
    g_string_append_printf(picture, "%*sstate %s {\n", 4 * deep, "", name);
    for (int i = 0; inside[i] != NULL; i++)
        g_string_append_printf(picture, "%*s%s\n", 4 * deep + 4, "", inside[i]);
}

static char *draw_picture(void)
{
    GString *picture = g_string_new("```mermaid\nstateDiagram-v2\n");
    int deep = 0;
    while (deep < NESTED) {
        draw_box(picture, boxes[deep].name, boxes[deep].more, deep + 1);
        deep++;
    }
    for (; deep > 0; deep--)
        g_string_append_printf(picture, "%*s}\n", 4 * deep, "");
    draw_box(picture, boxes[NESTED].name, boxes[NESTED].more, 1);
    g_string_append(picture, "    }\n");
    g_autoptr(GArray) arrows = g_array_new(FALSE, FALSE, sizeof(struct arrow));
    for (const struct transition *t = transitions; t->verb != NULL; t++) {
        bool drawn = false;
        for (const struct transition *before = transitions; before < t; before++)
            drawn = drawn || (strcmp(before->verb, t->verb) == 0 && strcmp(before->to, t->to) == 0);
        if (!drawn)
            add_verb(arrows, t);
    }
    for (guint i = 0; i < arrows->len; i++) {
        struct arrow *arrow = &g_array_index(arrows, struct arrow, i);
        g_string_append_printf(picture, "    %s --> %s: %s\n", arrow->from, arrow->to, arrow->label);
        g_free(arrow->label);
    }
    g_string_append(picture, "```\n");
    return g_string_free(picture, FALSE);
}

static void the_readme_shows_the_table(void **state)
{
    (void)state;
    g_autofree char *readme = NULL, *picture = draw_picture();
    assert_true(g_file_get_contents(TESTS_DIR "/../README.md", &readme, NULL, NULL));
    if (strstr(readme, picture) == NULL) {
        print_error("README.md does not draw the states as commands/states.c has them. This belongs there:\n");
        fputs(picture, stderr); /* longer than cmocka prints */
        fail();
    }
}

static void every_state_is_reached_and_known(void **state)
{
    struct story *s = *state;
    type_as(s, s->mia, s->product, "help start");
    assert_says(s->said, "🟡 waiting, 🟢 clear, ✅ accepted, 🕓 later → 🔨 started: its owner");
    type_as(s, s->mia, s->product, "help decide");
    assert_says(s->said, "→ ⛔ declined: its decider. Told: its asker, who needs it, too");
    type_as(s, s->mia, s->product, "help why");
    assert_silent_about(s->said, "→");
    type_as(s, s->mia, s->product, "help states");
    for (const char *const *name = all_states; *name != NULL; name++) {
        bool reached = false;
        for (const struct transition *t = transitions; t->verb != NULL; t++)
            reached = reached || strcmp(t->to, *name) == 0;
        assert_true(reached);
        g_autofree char *shown = show_state("en", *name);
        if (strstr(s->said, shown) == NULL)
            fail_msg("the help of states does not tell of %s: %s", *name, s->said);
    }
    for (const struct transition *t = transitions; t->verb != NULL; t++) {
        g_auto(GStrv) from = g_strsplit(t->from, " ", -1);
        assert_true(g_strv_contains(all_states, t->to));
        for (int i = 0; from[i] != NULL && *t->from != '\0'; i++)
            assert_true(g_strv_contains(all_states, from[i]));
    }
    for (const char *const *name = store_open_states; *name != NULL; name++)
        assert_true(g_strv_contains(all_states, *name));
}

static void what_cannot_be_done_says_what_can(void **state)
{
    struct story *s = *state;
    int64_t ask = raise_it(s, s->product, s->dana, "Add SSO");
    g_autofree char *ship = g_strdup_printf("ship %d", (int)ask);
    type_as(s, s->dana, s->product, ship);
    assert_non_null(strstr(s->said, "cannot be done"));
    assert_non_null(strstr(s->said, "withdraw"));
    assert_non_null(strstr(s->said, "start"));
    assert_null(strstr(s->said, "outcome"));
    type_as(s, s->mia, s->product, ship);
    assert_null(strstr(s->said, "withdraw")); /* that is for the asker alone */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_readme_shows_the_table),
        cmocka_unit_test_setup_teardown(every_state_is_reached_and_known, story_begin, story_end),
        cmocka_unit_test_setup_teardown(what_cannot_be_done_says_what_can, story_begin, story_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
