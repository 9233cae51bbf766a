/* The stub resolver of a C library: getaddrinfo, and res_query for SRV. Each argument is KIND:NAME with a kind of A,
   AAAA, ANY or SRV; each gets one line: milliseconds, then `found` and values, `none`, or `failed` and why. */
#define _GNU_SOURCE /* glibc's EAI_NODATA */
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

static long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static int no_such_name(int error) {
#ifdef EAI_NODATA
  if (error == EAI_NODATA) return 1;
#endif
  return error == EAI_NONAME;
}

static void addresses(const char* name, int family, long began) {
  struct addrinfo hints = {.ai_family = family, .ai_socktype = SOCK_STREAM}, *found, *each;
  const int error = getaddrinfo(name, NULL, &hints, &found);
  printf("%ld ", now() - began);
  if (error) {
    printf(no_such_name(error) ? "none\n" : "failed %s\n", gai_strerror(error));
    return;
  }
  printf("found");
  for (each = found; each; each = each->ai_next) {
    char text[NI_MAXHOST];
    getnameinfo(each->ai_addr, each->ai_addrlen, text, sizeof text, NULL, 0, NI_NUMERICHOST);
    printf(" %s", text);
  }
  printf("\n");
  freeaddrinfo(found);
}

static void services(const char* name, long began) {
  unsigned char reply[65536];
  ns_msg message;
  ns_rr record;
  const int size = res_query(name, C_IN, T_SRV, reply, sizeof reply);
  printf("%ld ", now() - began);
  if (size < 0) {
    printf(h_errno == HOST_NOT_FOUND || h_errno == NO_DATA ? "none\n" : "failed h_errno %d\n", h_errno);
    return;
  }
  ns_initparse(reply, size, &message);
  printf(ns_msg_count(message, ns_s_an) ? "found" : "none");
  for (int i = 0; i < ns_msg_count(message, ns_s_an); ++i) {
    char target[NS_MAXDNAME];
    ns_parserr(&message, ns_s_an, i, &record);
    if (ns_rr_type(record) != T_SRV) continue;
    const unsigned char* data = ns_rr_rdata(record);
    dn_expand(ns_msg_base(message), ns_msg_end(message), data + 6, target, sizeof target);
    printf(" %s:%d", target, ns_get16(data + 4));
  }
  printf("\n");
}

int main(int count, char** words) {
  for (int i = 1; i < count; ++i) {
    const char* name = strchr(words[i], ':') + 1;
    const long began = now();
    if (!strncmp(words[i], "SRV:", 4)) services(name, began);
    else if (!strncmp(words[i], "AAAA:", 5)) addresses(name, AF_INET6, began);
    else addresses(name, strncmp(words[i], "A:", 2) ? AF_UNSPEC : AF_INET, began);
  }
  return 0;
}
