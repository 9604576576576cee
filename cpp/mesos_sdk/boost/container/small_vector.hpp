// Describes boost/container/small_vector.hpp of Boost 1.65, which Mesos 1.10
// and 1.11 bundle: where the elements begin, how many there are, the room for
// them, and room for the first few inside.
#ifndef MESOS_SDK_BOOST_CONTAINER_SMALL_VECTOR_HPP
#define MESOS_SDK_BOOST_CONTAINER_SMALL_VECTOR_HPP

#include <cstddef>

namespace boost {
namespace container {

// Only ever walked.
template <typename T, size_t N>
class small_vector
{
public:
  small_vector(const small_vector&) = delete;
  small_vector& operator=(const small_vector&) = delete;

  const T* begin() const { return m_holder.m_start; }
  const T* end() const { return m_holder.m_start + m_holder.m_size; }

private:
  struct Holder
  {
    T* m_start;
    size_t m_size;
    size_t m_capacity;
  } m_holder;

  alignas(T) unsigned char storage[N * sizeof(T)];
};

}  // namespace container
}  // namespace boost

#endif  // MESOS_SDK_BOOST_CONTAINER_SMALL_VECTOR_HPP
