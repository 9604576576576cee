// Describes google/protobuf/message_lite.h of protobuf 3.5, which Mesos 1.10
// and 1.11 bundle: the base of every message, at offset 0.
#ifndef MESOS_SDK_GOOGLE_PROTOBUF_MESSAGE_LITE_H
#define MESOS_SDK_GOOGLE_PROTOBUF_MESSAGE_LITE_H

#include <cstddef>
#include <cstdint>
#include <string>

namespace google {
namespace protobuf {

class Arena;

namespace io {

class CodedInputStream;
class CodedOutputStream;

}  // namespace io

// The table of virtual functions comes from the host, so they are declared in
// its order, and those behind the last that is called here are left out. Only
// to be called where the compiler does not know the message's class: most are
// defined by none but the generated ones.
class MessageLite
{
public:
  MessageLite();
  virtual ~MessageLite();

  virtual std::string GetTypeName() const;
  virtual MessageLite* New() const;
  virtual MessageLite* New(Arena* arena) const;
  virtual Arena* GetArena() const;
  virtual void* GetMaybeArenaPointer() const;
  virtual void Clear();
  virtual bool IsInitialized() const;
  virtual std::string InitializationErrorString() const;
  virtual void CheckTypeAndMergeFrom(const MessageLite& other);
  virtual bool MergePartialFromCodedStream(io::CodedInputStream* input);

  // Also remembers the sizes of the parts, for one of these two:
  virtual size_t ByteSizeLong() const;
  virtual void SerializeWithCachedSizes(io::CodedOutputStream* output) const;
  virtual uint8_t* SerializeWithCachedSizesToArray(uint8_t* target) const;

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
