// Tries out whether a layout holds in the running Mesos.
#ifndef MESOS_AUDIT_EXTRACT_TRIAL_HPP
#define MESOS_AUDIT_EXTRACT_TRIAL_HPP

#include <string>

#include "extract_layout.hpp"

namespace mesos_audit {
namespace extract {

// A message that has one leaf set, the one with that index, or all of them,
// repeated ones twice.
class Sample
{
public:
  static constexpr int ALL = -1;

  // There are two values of everything.
  Sample(int _wanted, bool _second) : wanted(_wanted), second(_second) {}

  std::string wire(const Layout& layout);

  // How many leaves there were.
  int count() const { return index; }

private:
  void append(std::string* fields, const Field& field);

  const int wanted;
  const bool second;
  int index = 0;
};


// The fields of a message as they are extracted; none where that fails.
std::string extracted(
    const Layout& layout, const google::protobuf::MessageLite& message);


// Whether we read of a message what libmesos parsed into it: libmesos is given
// what we read, and must then write the same of both.
template <typename T>
bool readsBack(const Layout& layout, const std::string& wire)
{
  T original;
  T copy;
  return original.ParsePartialFromString(wire) &&
         copy.ParsePartialFromString(extracted(layout, original)) &&
         copy.SerializePartialAsString() == original.SerializePartialAsString();
}


// Whether all of the layout holds.
template <typename T>
bool readsBack(const Layout& layout)
{
  for (const bool second : {false, true}) {
    Sample all(Sample::ALL, second);
    if (!readsBack<T>(layout, all.wire(layout)) ||
        !readsBack<T>(layout, std::string())) {
      return false;
    }
    for (int leaf = 0; leaf < all.count(); ++leaf) {
      if (!readsBack<T>(layout, Sample(leaf, second).wire(layout))) {
        return false;
      }
    }
  }
  return true;
}

}  // namespace extract
}  // namespace mesos_audit

#endif  // MESOS_AUDIT_EXTRACT_TRIAL_HPP
