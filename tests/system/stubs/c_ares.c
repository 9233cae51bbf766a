/* c-ares, with arguments and lines as in c_library.c. */
#include <ares.h>
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/select.h>
#include <time.h>

static long began;

static long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static int failed(int status) {
  printf("%ld ", now() - began);
  if (status == ARES_SUCCESS) return 0;
  printf(status == ARES_ENOTFOUND || status == ARES_ENODATA ? "none\n" : "failed %s\n", ares_strerror(status));
  return 1;
}

static void addresses(void* unused, int status, int timeouts, struct ares_addrinfo* found) {
  (void)unused, (void)timeouts;
  if (failed(status)) return;
  printf("found");
  for (struct ares_addrinfo_node* each = found->nodes; each; each = each->ai_next) {
    char text[NI_MAXHOST];
    getnameinfo(each->ai_addr, each->ai_addrlen, text, sizeof text, NULL, 0, NI_NUMERICHOST);
    printf(" %s", text);
  }
  printf("\n");
  ares_freeaddrinfo(found);
}

static void services(void* unused, int status, int timeouts, unsigned char* reply, int size) {
  (void)unused, (void)timeouts;
  struct ares_srv_reply* found = NULL;
  if (status == ARES_SUCCESS) status = ares_parse_srv_reply(reply, size, &found);
  if (failed(status)) return;
  printf("found");
  for (struct ares_srv_reply* each = found; each; each = each->next) printf(" %s:%d", each->host, each->port);
  printf("\n");
  ares_free_data(found);
}

static void wait_for_it(ares_channel channel) {
  for (;;) {
    fd_set readable, writable;
    struct timeval room;
    FD_ZERO(&readable);
    FD_ZERO(&writable);
    const int most = ares_fds(channel, &readable, &writable);
    if (most == 0) return;
    select(most, &readable, &writable, NULL, ares_timeout(channel, NULL, &room));
    ares_process(channel, &readable, &writable);
  }
}

int main(int count, char** words) {
  ares_channel channel;
  ares_library_init(ARES_LIB_INIT_ALL);
  if (ares_init(&channel) != ARES_SUCCESS) return 1;
  for (int i = 1; i < count; ++i) {
    const char* name = strchr(words[i], ':') + 1;
    struct ares_addrinfo_hints hints = {.ai_family = AF_UNSPEC};
    if (!strncmp(words[i], "A:", 2)) hints.ai_family = AF_INET;
    if (!strncmp(words[i], "AAAA:", 5)) hints.ai_family = AF_INET6;
    began = now();
    if (!strncmp(words[i], "SRV:", 4)) ares_search(channel, name, C_IN, T_SRV, services, NULL);
    else ares_getaddrinfo(channel, name, NULL, &hints, addresses, NULL);
    wait_for_it(channel);
  }
  ares_destroy(channel);
  return 0;
}
