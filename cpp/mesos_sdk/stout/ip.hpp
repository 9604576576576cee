// Describes stout/ip.hpp: the family, then the address in network order.
#ifndef MESOS_SDK_STOUT_IP_HPP
#define MESOS_SDK_STOUT_IP_HPP

#include <netinet/in.h>
#include <sys/socket.h>

#include <stout/error.hpp>
#include <stout/try.hpp>

namespace net {

class IP
{
public:
  explicit IP(const in_addr& address) : family_(AF_INET), storage_()
  {
    storage_.in = address;
  }

  explicit IP(const in6_addr& address) : family_(AF_INET6), storage_()
  {
    storage_.in6 = address;
  }

  int family() const { return family_; }

  Try<in_addr> in() const
  {
    if (family_ != AF_INET) {
      return Error("Not an IPv4 address");
    }
    return storage_.in;
  }

  Try<in6_addr> in6() const
  {
    if (family_ != AF_INET6) {
      return Error("Not an IPv6 address");
    }
    return storage_.in6;
  }

private:
  int family_;

  union Storage {
    in6_addr in6;
    in_addr in;
  } storage_;
};

}  // namespace net

#endif  // MESOS_SDK_STOUT_IP_HPP
