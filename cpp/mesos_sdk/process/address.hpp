// Describes process/address.hpp: a variant of three kinds of address, for
// which stout/variant.hpp uses boost's (the kind as an int, then the value).
#ifndef MESOS_SDK_PROCESS_ADDRESS_HPP
#define MESOS_SDK_PROCESS_ADDRESS_HPP

#include <cstddef>
#include <cstdint>
#include <new>
#include <utility>

#include <sys/socket.h>

#include <stout/ip.hpp>

namespace process {
namespace network {

namespace inet {

class Address
{
public:
  Address(const net::IP& _ip, uint16_t _port) : ip(_ip), port(_port) {}

  net::IP ip;
  uint16_t port;
};

}  // namespace inet

namespace inet4 {

class Address : public inet::Address
{
public:
  using inet::Address::Address;
};

}  // namespace inet4

namespace inet6 {

class Address : public inet::Address
{
public:
  using inet::Address::Address;
};

}  // namespace inet6

namespace unix {

class Address
{
private:
  alignas(8) unsigned char storage[sizeof(sockaddr_storage) + 8];
};

}  // namespace unix


class Address
{
public:
  Address(const unix::Address& address) : variant{UNIX, {}}
  {
    new (variant.storage_) unix::Address(address);
  }

  Address(const inet4::Address& address) : variant{INET4, {}}
  {
    new (variant.storage_) inet4::Address(address);
  }

  Address(const inet6::Address& address) : variant{INET6, {}}
  {
    new (variant.storage_) inet6::Address(address);
  }

  // One function per kind, in this order (Mesos's own takes them in any).
  template <typename F, typename G, typename H>
  void visit(F&& onUnix, G&& onInet4, H&& onInet6) const
  {
    switch (variant.which_) {
      case UNIX:
        return onUnix(as<unix::Address>());
      case INET4:
        return onInet4(as<inet4::Address>());
      case INET6:
        return onInet6(as<inet6::Address>());
    }
  }

private:
  enum Which : int
  {
    UNIX = 0,
    INET4 = 1,
    INET6 = 2,
  };

  template <typename A>
  const A& as() const
  {
    return *std::launder(reinterpret_cast<const A*>(variant.storage_));
  }

  struct Variant
  {
    int which_;
    alignas(8) unsigned char storage_[sizeof(unix::Address)];
  } variant;
};

}  // namespace network
}  // namespace process

#endif  // MESOS_SDK_PROCESS_ADDRESS_HPP
