// Describes process/http.hpp: what a server sees of a request.
#ifndef MESOS_SDK_PROCESS_HTTP_HPP
#define MESOS_SDK_PROCESS_HTTP_HPP

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include <process/address.hpp>
#include <process/future.hpp>
#include <process/owned.hpp>
#include <process/pid.hpp>

#include <stout/hashmap.hpp>
#include <stout/ip.hpp>
#include <stout/option.hpp>

namespace process {
namespace http {

// Declared only: headers are walked, never looked up. That it is not
// `noexcept` matters: libstdc++ then stores each key's hash in the map's
// nodes, as the host does.
struct CaseInsensitiveHash
{
  size_t operator()(const std::string& key) const;
};


struct CaseInsensitiveEqual
{
  bool operator()(const std::string& left, const std::string& right) const;
};


class Headers : public hashmap<
                    std::string,
                    std::string,
                    CaseInsensitiveHash,
                    CaseInsensitiveEqual>
{};


struct URL
{
  Option<std::string> scheme;
  Option<std::string> domain;
  Option<net::IP> ip;
  Option<uint16_t> port;
  std::string path;
  hashmap<std::string, std::string> query;
  Option<std::string> fragment;
};


class Pipe
{
public:
  class Reader
  {
  private:
    std::shared_ptr<void> data;
  };
};


struct Request
{
  std::string method;
  URL url;
  Headers headers;
  bool keepAlive;
  Option<network::Address> client;

  // PIPE: the body is still on its way and belongs to whoever reads it.
  enum
  {
    BODY,
    PIPE
  } type;

  std::string body;
  Option<Pipe::Reader> reader;

  // A process::Time: nanoseconds since the epoch.
  int64_t received;
};


// Only ever seen as part of a result that somebody else made.
struct Response
{
private:
  alignas(8) unsigned char storage[192];
};


struct Unauthorized : Response
{};


struct Forbidden : Response
{};

}  // namespace http
}  // namespace process

#endif  // MESOS_SDK_PROCESS_HTTP_HPP
