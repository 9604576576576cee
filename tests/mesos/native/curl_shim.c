/* Stands in for a libcurl with the symbol version CURL_OPENSSL_3, which the
 * Mesos library asks for and Debian 12 no longer has.
 *
 * Only the URI fetcher and the Docker registry client call it, and no test
 * uses either, so every call fails cleanly instead of forwarding. */

#include <stddef.h>

enum
{
  CURLE_OK = 0,
  CURLE_FAILED_INIT = 2
};

int curl_global_init(long flags);
int curl_global_init(long flags)
{
  (void)flags;
  return CURLE_OK;
}

void* curl_easy_init(void);
void* curl_easy_init(void)
{
  return NULL;
}

void curl_easy_cleanup(void* handle);
void curl_easy_cleanup(void* handle)
{
  (void)handle;
}

int curl_easy_perform(void* handle);
int curl_easy_perform(void* handle)
{
  (void)handle;
  return CURLE_FAILED_INIT;
}

int curl_easy_setopt(void* handle, int option, ...);
int curl_easy_setopt(void* handle, int option, ...)
{
  (void)handle;
  (void)option;
  return CURLE_FAILED_INIT;
}

int curl_easy_getinfo(void* handle, int info, ...);
int curl_easy_getinfo(void* handle, int info, ...)
{
  (void)handle;
  (void)info;
  return CURLE_FAILED_INIT;
}

const char* curl_easy_strerror(int code);
const char* curl_easy_strerror(int code)
{
  (void)code;
  return "the Mesos test bed has no libcurl";
}
