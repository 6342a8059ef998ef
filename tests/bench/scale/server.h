/* A chat that takes whatever it is told and answers at once, in a thread of its own: its CPU time is not the bot's. */
#ifndef ASKWHY_BENCH_SERVER_H
#define ASKWHY_BENCH_SERVER_H

struct server;

struct server *server_new(void);
void server_free(struct server *server);
int server_port(const struct server *server);
/* What was said since server_forget(), requests decoded; g_free(). */
char *server_heard(struct server *server);
void server_forget(struct server *server);
/* Something that was said another way. */
void server_note(struct server *server, const char *text);

#endif
