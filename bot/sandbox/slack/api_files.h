/* The bytes of a file, sent to the address that was handed out for them. */
#ifndef ASKWHY_SANDBOX_API_FILES_H
#define ASKWHY_SANDBOX_API_FILES_H

#include "bot/sandbox/face.h"

/* token: what stands behind upload/v1/ in the address. */
void files_upload(struct sandbox *sandbox, const char *token, const struct request *request, struct reply *reply);

#endif
