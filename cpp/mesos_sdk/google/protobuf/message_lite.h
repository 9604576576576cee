// Describes google/protobuf/message_lite.h of protobuf 3.5, which Mesos 1.10
// and 1.11 bundle: the base of every message, at offset 0.
#ifndef MESOS_SDK_GOOGLE_PROTOBUF_MESSAGE_LITE_H
#define MESOS_SDK_GOOGLE_PROTOBUF_MESSAGE_LITE_H

#include <cstddef>
#include <string>

namespace google {
namespace protobuf {

// The virtual functions after the destructor are left out: their table comes
// from the host, and nobody calls or overrides them here.
class MessageLite
{
public:
  MessageLite();
  virtual ~MessageLite();

  // "Partial": a message whose required fields are missing is taken too.
  bool AppendPartialToString(std::string* output) const;
  std::string SerializePartialAsString() const;
  bool ParsePartialFromString(const std::string& data);
};

}  // namespace protobuf
}  // namespace google

// A message of `size` bytes of which nothing but its base is known.
#define MESOS_SDK_MESSAGE(name, size)                   \
  class name : public google::protobuf::MessageLite     \
  {                                                     \
  public:                                               \
    name();                                             \
    name(const name& that);                             \
    ~name() override;                                   \
                                                        \
  private:                                              \
    alignas(8) unsigned char storage                    \
        [size - sizeof(google::protobuf::MessageLite)]; \
  }

#endif  // MESOS_SDK_GOOGLE_PROTOBUF_MESSAGE_LITE_H
