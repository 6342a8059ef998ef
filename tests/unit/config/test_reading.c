/* An operator writes askwhy.conf, makes mistakes, and is told of all of them at once. */
#include "tests/unit/config/place.h"

static void without_a_file_the_defaults_hold(void **state)
{
    (void)state;
    load(NULL);
    assert_no_errors();
    assert_null(config_file(config));
    assert_string_equal(config_string(config, CONFIG_SLACK_API_URL), "https://slack.com/api");
    assert_int_equal(config_int(config, CONFIG_SLACK_SOCKETS), 1);
    assert_false(config_bool(config, CONFIG_ASKWHY_ALLOW_PLAIN));
    assert_null(config_string(config, CONFIG_SLACK_BOT_TOKEN));
    assert_string_equal(config_string(config, CONFIG_ASKWHY_DATABASE), "./askwhy.db");
}

static void a_service_keeps_its_database_in_its_state_directory(void **state)
{
    (void)state;
    setenv("STATE_DIRECTORY", "/var/lib/askwhy:/var/lib/other", 1);
    load(NULL);
    assert_string_equal(config_string(config, CONFIG_ASKWHY_DATABASE), "/var/lib/askwhy/askwhy.db");
    assert_non_null(strstr(config_source(config, CONFIG_ASKWHY_DATABASE), "STATE_DIRECTORY"));
}

static void a_good_file_is_read_as_written(void **state)
{
    (void)state;
    load_text("\xef\xbb\xbf# ours\r\n"
              "\r\n"
              "SLACK_APP_TOKEN = " APP_TOKEN "\r\n"
              "SLACK_BOT_TOKEN=" BOT_TOKEN "\r\n"
              "  SLACK_SOCKETS =  2  \r\n"
              "ASKWHY_LOG =\r\n"
              "ASKWHY_ALLOW_PLAIN = On\r\n"
              "ASKWHY_FUNCTIONS = exec,  field sales ,müük\r\n"
              "SLACK_API_URL = http://127.0.0.1:8700/api/");
    assert_no_errors();
    assert_string_equal(config_file(config), "askwhy.conf");
    assert_string_equal(config_string(config, CONFIG_SLACK_APP_TOKEN), APP_TOKEN);
    assert_string_equal(config_string(config, CONFIG_SLACK_BOT_TOKEN), BOT_TOKEN);
    assert_int_equal(config_int(config, CONFIG_SLACK_SOCKETS), 2);
    assert_string_equal(config_source(config, CONFIG_SLACK_SOCKETS), "askwhy.conf:5");
    assert_string_equal(config_string(config, CONFIG_ASKWHY_LOG), "info");
    assert_true(config_bool(config, CONFIG_ASKWHY_ALLOW_PLAIN));
    assert_string_equal(config_string(config, CONFIG_SLACK_API_URL), "http://127.0.0.1:8700/api");
    g_auto(GStrv) functions = config_list(config, CONFIG_ASKWHY_FUNCTIONS);
    assert_int_equal(g_strv_length(functions), 3);
    assert_string_equal(functions[1], "field sales");
    assert_string_equal(functions[2], "müük");
}

static void every_wrong_line_is_reported_with_its_number(void **state)
{
    (void)state;
    load_text("SLACK_SOCKETS = 11\n"
              "# a comment\n"
              "just words\n"
              "[slack]\n"
              "ASKWHY_LOG = loud\n"
              "ASKWHY_COMMAND = ask\n"
              "ASKWHY_ALLOW_PLAIN = maybe\n"
              "ASKWHY_WORKING_HOURS = 17-9 mon-fri\n"
              "ASKWHY_FUNCTIONS = sales,,exec\n"
              "ASKWHY_CA_FILE = /nowhere/ca.pem\n"
              "SLACK_API_URL = slack.com/api\n"
              "SLACK_POSTS_PER_MINUTE = 10\n"
              "SLACK_POSTS_PER_MINUTE = 20\n"
              "ASKWHY_DATABASE = \"/var/lib/askwhy.db\"\n"
              "ASKWHY_DATABASE = a\\qb\n"
              "ASKWHY_WHY_COMMAND = /w\xff\n");
    assert_int_equal(errors->len, 14);
    assert_said("askwhy.conf:1: SLACK_SOCKETS must be a whole number from 1 to 10 (connections)");
    assert_said("askwhy.conf:3: ");
    assert_said("askwhy.conf:4: there are no [sections]");
    assert_said("askwhy.conf:5: ASKWHY_LOG must be debug, info, warning or error");
    assert_said("askwhy.conf:6: ASKWHY_COMMAND must be a slash");
    assert_said("askwhy.conf:7: ASKWHY_ALLOW_PLAIN must be yes or no");
    assert_said("askwhy.conf:8: ASKWHY_WORKING_HOURS must be hours and days");
    assert_said("askwhy.conf:9: ASKWHY_FUNCTIONS has an empty part");
    assert_said("askwhy.conf:10: ASKWHY_CA_FILE names /nowhere/ca.pem");
    assert_said("askwhy.conf:11: SLACK_API_URL is not an address");
    assert_said("askwhy.conf:13: SLACK_POSTS_PER_MINUTE is set already (askwhy.conf:12)");
    assert_said("askwhy.conf:14: ASKWHY_DATABASE stands in quotes");
    assert_said("askwhy.conf:15: ");
    assert_said("askwhy.conf:16: ");
}

static void a_mistyped_name_gets_the_one_that_was_meant(void **state)
{
    (void)state;
    load_text("SLAK_BOT_TOKEN = " BOT_TOKEN "\n"
              "slack_sockets = 2\n"
              "ASKWHY_LOGS = info\n"
              "COFFEE_MACHINE = on\n");
    assert_said("askwhy.conf:1: SLAK_BOT_TOKEN is not an option: did you mean SLACK_BOT_TOKEN?");
    assert_said("askwhy.conf:2: slack_sockets is not an option: did you mean SLACK_SOCKETS?");
    assert_said("askwhy.conf:3: ASKWHY_LOGS is not an option: did you mean ASKWHY_LOG?");
    assert_said("askwhy.conf:4: COFFEE_MACHINE is not an option: see askwhy.conf.example");
    assert_false(list_has(errors, BOT_TOKEN));
}

static void a_mistyped_variable_is_pointed_out(void **state)
{
    (void)state;
    setenv("ASKWHY_DATABSE", "/tmp/x.db", 1);
    load(NULL);
    unsetenv("ASKWHY_DATABSE");
    assert_no_errors();
    assert_true(list_has(config_warnings(config), "did you mean ASKWHY_DATABASE?"));
}

static void the_environment_wins_over_the_file(void **state)
{
    (void)state;
    setenv("ASKWHY_LOG", "debug", 1);
    setenv("SLACK_SOCKETS", "", 1);
    load_text("ASKWHY_LOG = error\nSLACK_SOCKETS = 3\n");
    assert_no_errors();
    assert_string_equal(config_string(config, CONFIG_ASKWHY_LOG), "debug");
    assert_string_equal(config_source(config, CONFIG_ASKWHY_LOG), "environment");
    assert_int_equal(config_int(config, CONFIG_SLACK_SOCKETS), 3);
    setenv("ASKWHY_LOG", "chatty", 1);
    load(NULL);
    assert_said("environment: ASKWHY_LOG must be debug");
}

static void a_file_that_is_named_must_be_there(void **state)
{
    (void)state;
    load("elsewhere.conf");
    assert_said("cannot read the configuration elsewhere.conf: No such file");
    mkdir("folder.conf", 0700);
    load("folder.conf");
    assert_said("folder.conf: Is a directory");
    write_mode("large.conf", "", 0600);
    assert_int_equal(truncate("large.conf", 5 << 20), 0);
    load("large.conf");
    assert_said("large.conf: it is larger than");
    FILE *zeros = fopen("zeros.conf", "w");
    fputc('\0', zeros);
    fclose(zeros);
    load("zeros.conf");
    assert_said("zeros.conf: it holds bytes that are not text");
}

static void tokens_do_not_travel_in_the_clear(void **state)
{
    (void)state;
    static const char *const loopback[] = {"http://localhost:80/api", "http://127.8.9.1/api", "http://[::1]:9/api"};
    for (guint i = 0; i < G_N_ELEMENTS(loopback); i++) {
        setenv("SLACK_API_URL", loopback[i], 1);
        load(NULL);
        assert_no_errors();
    }
    static const char *const elsewhere[] = {"http://slack.com/api", "http://127.0.0.1.example.com/api",
                                            "http://localhost.example.com", "http://10.0.0.1/"};
    for (guint i = 0; i < G_N_ELEMENTS(elsewhere); i++) {
        setenv("SLACK_API_URL", elsewhere[i], 1);
        load_text("");
        assert_int_equal(errors->len, 1);
        assert_said("ASKWHY_ALLOW_PLAIN = yes");
        load_text("ASKWHY_ALLOW_PLAIN = yes\n");
        assert_no_errors();
    }
    setenv("SLACK_API_URL", "https://me:" BOT_TOKEN "@slack.com/api", 1);
    load_text("");
    assert_said("without user name");
    assert_false(list_has(errors, BOT_TOKEN));
}

static void the_two_commands_need_two_names(void **state)
{
    (void)state;
    load_text("ASKWHY_COMMAND = /why\n");
    assert_int_equal(errors->len, 1);
    assert_said("askwhy.conf:1: ASKWHY_COMMAND and ASKWHY_WHY_COMMAND are both /why");
}

static void working_hours_are_understood(void **state)
{
    (void)state;
    load_text("ASKWHY_WORKING_HOURS = 8:30-16 sun-tue, thu\n");
    assert_no_errors();
    struct config_hours hours = config_hours(config, CONFIG_ASKWHY_WORKING_HOURS);
    assert_int_equal(hours.from, 8 * 60 + 30);
    assert_int_equal(hours.to, 16 * 60);
    assert_int_equal(hours.weekdays, 1u << G_DATE_SUNDAY | 1u << G_DATE_MONDAY | 1u << G_DATE_TUESDAY |
                                         1u << G_DATE_THURSDAY);
    static const char *const wrong[] = {"9-17",        "9-25 mon",   "9:5-17 mon", "9-17 mon-",  "9-17 monday",
                                        "9-17 mon-xx", "9-9 mon",    "-17 mon",    "9-17mon",    "9 - 17 mon",
                                        "9-17 mon fri", "9-24:30 mon"};
    for (guint i = 0; i < G_N_ELEMENTS(wrong); i++)
        assert_false(option_parse_hours(wrong[i], &hours));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(without_a_file_the_defaults_hold, enter, leave),
        cmocka_unit_test_setup_teardown(a_service_keeps_its_database_in_its_state_directory, enter, leave),
        cmocka_unit_test_setup_teardown(a_good_file_is_read_as_written, enter, leave),
        cmocka_unit_test_setup_teardown(every_wrong_line_is_reported_with_its_number, enter, leave),
        cmocka_unit_test_setup_teardown(a_mistyped_name_gets_the_one_that_was_meant, enter, leave),
        cmocka_unit_test_setup_teardown(a_mistyped_variable_is_pointed_out, enter, leave),
        cmocka_unit_test_setup_teardown(the_environment_wins_over_the_file, enter, leave),
        cmocka_unit_test_setup_teardown(a_file_that_is_named_must_be_there, enter, leave),
        cmocka_unit_test_setup_teardown(tokens_do_not_travel_in_the_clear, enter, leave),
        cmocka_unit_test_setup_teardown(the_two_commands_need_two_names, enter, leave),
        cmocka_unit_test_setup_teardown(working_hours_are_understood, enter, leave),
    };
    return cmocka_run_group_tests_name("reading the configuration", tests, NULL, NULL);
}
