/* Words that would do something, had they been taken for more than words. */
#ifndef ASKWHY_TEST_HOSTILE_H
#define ASKWHY_TEST_HOSTILE_H

#include <glib.h>
#include <string.h>

static const char *const hostile_words[] = {
    /* Calls and mentions, as Slack notes them and as people type them. */
    "<!channel>", "<!here|here>", "<!everyone>", "<!subteam^S1|@crew>", "<!subteam^S1>", "<@U0VICTIM>", "<@U0VICTIM|bank>",
    "@channel @here @everyone @Channel", "<#C0SECRET|general>", "<!date^1750000000^{date}^https://evil.example|soon>",
    "x <<!channel>> <<@U0VICTIM>>", "<!channel", "!channel>", "<\n!channel>", "<!chan\x0bnel>", "<! channel>",
    /* Links. */
    "<https://evil.example/a|bank.com>", "<https://evil.example/a|https://bank.com/login>", "<javascript:alert(1)|click>",
    "javascript:alert(1)", "<data:text/html,x|click>", "https://evil.example/a|bank.com", "https://evil.example/<!channel>",
    "https://evil.example/%3C!channel%3E?a=1&b=<2>", "<mailto:boss@evil.example|boss@bank.com>", "<https://evil.example/a>",
    "<https://evil.example/a|>", "<|x>", "<https://evil.example/a|a|b>", "HtTpS://evil.example/a*b_c~d`e",
    "<slack://open?team=T1|open>", "<https://evil.example/\xc2\xa0|bank.com>",
    /* Formatting. */
    "*hxbold* _hxital_ ~hxstrike~ `hxcode`", "```\nhxfence\n```", "*_~`*_~`", "> quoted\n>>> all of it", "\n> behind a line",
    "`", "``", "* a\n* b", "*hxbold*_hxital_~hxstrike~`hxcode`",
    /* Entities, once and twice. */
    "&lt;!channel&gt;", "&lt;hxtwice&gt;", "&amp;lt;hxtwice&amp;gt;", "&", "&amp", "&#60;!channel&#62;", "&lt;@U0VICTIM&gt;",
    /* Control characters, askwhy's own markup among them. */
    "\x11U0VICTIM\x1e", "\x12U0VICTIM\x1e", "\x14https://evil.example/a\x1f" "bank.com\x1e", "\x0e" "bold\x1e\x10" "code\x1e\x15",
    "\x13" "C0SECRET\x1e", "\x1e\x1e\x1f\x1e", "a\x01\x02\x03\x1b[31mred\x7f\r\nb", "\xc2\x85\xc2\x9b" "31m",
    /* Writing direction and what cannot be seen. */
    "\xe2\x80\xae" "moc.knab", "\xe2\x81\xa7\xe2\x80\xaa\xe2\x80\xab open", "\xe2\x80\xac\xe2\x81\xa9 closed", "\xe2\x80\x8b",
    "\xe2\x80\x8b\xe2\x80\x8c\xe2\x80\x8d\xef\xbb\xbf\xe2\x81\xa0", "@\xe2\x80\x8b" "channel", "<\xe2\x80\x8b!channel>",
    "\xf3\xa0\x80\xbc\xf3\xa0\x80\xa1", "Zalgo\xcc\x80\xcc\x81\xcc\x82\xcc\x83\xcc\x84\xcc\x85", "\xef\xbf\xbd",
    /* JSON, HTML, templates, SQL, spreadsheets, shells. */
    "\"}],\"text\":\"<!channel>\"", "\\\"},{\\u003c!channel\\u003e", "\\u003c!channel\\u003e", "{\"type\":\"actions\"}",
    "<script>alert(1)</script>", "</script><img src=x onerror=alert(1)>", "\" onmouseover=\"alert(1)", "' onfocus='alert(1)' x='",
    "<!--", "]]>", "${7*7} {{7*7}} #{7*7} <%= 7*7 %> {title} {person}", "%s%s%n%d", "'; DROP TABLE ask; --", "\" OR 1=1 --",
    "title:x OR why:* NEAR(a b)", "\"", "*", "=HYPERLINK(\"https://evil.example\")", "+1", "-1", "@SUM(A1)", "$(reboot) `reboot` | ;",
    "../../etc/passwd", "null", "0", "#1", "1", "-1 9223372036854775808",
    /* What askwhy listens for. */
    "skip", "don't know", "<@U0VICTIM> knows", "for <@U0VICTIM>", "because", "yes because *hxbold*", "default", "all",
};

/* Some of them at once, a line each. */
static inline GPtrArray *hostile_bundles(void)
{
    enum { A_BUNDLE = 8 };
    GPtrArray *all = g_ptr_array_new_with_free_func(g_free);
    for (gsize i = 0; i < G_N_ELEMENTS(hostile_words); i += A_BUNDLE) {
        GString *text = g_string_new(NULL);
        for (gsize n = i; n < MIN(i + A_BUNDLE, G_N_ELEMENTS(hostile_words)); n++)
            g_string_append_printf(text, "%s%s", n > i ? "\n" : "", hostile_words[n]);
        g_ptr_array_add(all, g_string_free(text, FALSE));
    }
    return all;
}

/* Each by itself, and what is too long for everything. */
static inline GPtrArray *hostile_strings(void)
{
    GPtrArray *all = g_ptr_array_new_with_free_func(g_free);
    for (gsize i = 0; i < G_N_ELEMENTS(hostile_words); i++)
        g_ptr_array_add(all, g_strdup(hostile_words[i]));
    static const struct {
        const char *piece;
        gsize times;
    } longs[] = {{"a", 50000},  {"\xc3\xa9", 5000},    {"\xe2\x82\xac", 4001}, {"\xf0\x9f\x92\xa9", 2001}, {"<!channel>", 2000},
                 {"*", 4000},   {"&", 3001},           {"\n> x", 1500},        {"\xe2\x80\xae", 600},      {"\x11U0VICTIM\x1e", 500},
                 {"word ", 700}, {"https://evil.example/a ", 400}};
    for (gsize i = 0; i < G_N_ELEMENTS(longs); i++) {
        GString *text = g_string_new(NULL);
        for (gsize n = 0; n < longs[i].times; n++)
            g_string_append(text, longs[i].piece);
        g_ptr_array_add(all, g_string_free(text, FALSE));
    }
    GString *address = g_string_new("https://evil.example/");
    for (int i = 0; i < 5000; i++)
        g_string_append_c(address, 'a');
    g_ptr_array_add(all, g_string_free(address, FALSE));
    return all;
}

#endif
