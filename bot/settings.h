/* What commands need of the configuration. */
#ifndef ASKWHY_SETTINGS_H
#define ASKWHY_SETTINGS_H

#include "commands/command.h"
#include "config/config.h"

void settings_read(struct settings *settings, const struct config *config);
void settings_done(struct settings *settings);

#endif
