// Describes process/owned.hpp: a shared pointer to a struct that holds the
// real pointer, which can be taken out once.
#ifndef MESOS_SDK_PROCESS_OWNED_HPP
#define MESOS_SDK_PROCESS_OWNED_HPP

#include <atomic>
#include <memory>

namespace process {

template <typename T>
class Owned
{
public:
  explicit Owned(T* t) : data(std::make_shared<Data>(t)) {}

private:
  struct Data
  {
    explicit Data(T* pointer) : t(pointer) {}
    ~Data() { delete t.load(); }

    std::atomic<T*> t;
  };

  std::shared_ptr<Data> data;
};

}  // namespace process

#endif  // MESOS_SDK_PROCESS_OWNED_HPP
