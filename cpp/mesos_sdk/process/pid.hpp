// Describes process/pid.hpp.
#ifndef MESOS_SDK_PROCESS_PID_HPP
#define MESOS_SDK_PROCESS_PID_HPP

#include <iosfwd>

namespace process {

// Only ever seen by reference and printed. Its conversion to std::string
// is not declared: GCC 5, which built the official binary, and GCC 12 give
// that operator different symbol names.
class UPID
{
public:
  UPID(const UPID&) = delete;
  UPID& operator=(const UPID&) = delete;

private:
  alignas(8) unsigned char storage[136];
};

std::ostream& operator<<(std::ostream& stream, const UPID& pid);

}  // namespace process

#endif  // MESOS_SDK_PROCESS_PID_HPP
