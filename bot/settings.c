#include "bot/settings.h"

void settings_read(struct settings *settings, const struct config *config)
{
    struct config_hours hours = config_hours(config, CONFIG_ASKWHY_WORKING_HOURS);
    *settings = (struct settings){
        .command = g_strdup(config_string(config, CONFIG_ASKWHY_COMMAND)),
        .why_command = g_strdup(config_string(config, CONFIG_ASKWHY_WHY_COMMAND)),
        .functions = config_list(config, CONFIG_ASKWHY_FUNCTIONS),
        .administrators = config_list(config, CONFIG_ASKWHY_ADMINISTRATORS),
        .hours = {.from = hours.from, .to = hours.to, .weekdays = hours.weekdays},
        .outcome_days = config_int(config, CONFIG_ASKWHY_OUTCOME_DAYS),
        .urgent_hours = config_int(config, CONFIG_ASKWHY_URGENT_HOURS),
    };
}

void settings_done(struct settings *settings)
{
    g_free(settings->command);
    g_free(settings->why_command);
    g_strfreev(settings->functions);
    g_strfreev(settings->administrators);
    *settings = (struct settings){0};
}
