// Describes mesos/resources.hpp.
#ifndef MESOS_SDK_MESOS_RESOURCES_HPP
#define MESOS_SDK_MESOS_RESOURCES_HPP

#include <memory>

#include <boost/container/small_vector.hpp>

#include <mesos/mesos.hpp>

#include <stout/nothing.hpp>
#include <stout/option.hpp>
#include <stout/try.hpp>

#include <functional>

namespace mesos {

// Walked where Mesos hands some over, and room for the value that a hook could
// return. Never made here, so it needs no constructor, and its destructor may
// do nothing.
class Resources
{
public:
  Resources(const Resources&) = delete;

  // A resource that several copies of a Resources share.
  class Resource_
  {
  public:
    operator const Resource&() const { return resource; }

  private:
    Resource resource;
    Option<int> sharedCount;
  };

  class const_iterator
  {
  public:
    explicit const_iterator(const std::shared_ptr<Resource_>* _at) : at(_at) {}

    const Resource_& operator*() const { return **at; }
    const_iterator& operator++()
    {
      ++at;
      return *this;
    }
    bool operator!=(const const_iterator& that) const { return at != that.at; }

  private:
    const std::shared_ptr<Resource_>* at;
  };

  const_iterator begin() const
  {
    return const_iterator(resourcesNoMutationWithoutExclusiveOwnership.begin());
  }

  const_iterator end() const
  {
    return const_iterator(resourcesNoMutationWithoutExclusiveOwnership.end());
  }

private:
  boost::container::small_vector<std::shared_ptr<Resource_>, 15>
      resourcesNoMutationWithoutExclusiveOwnership;
};


class ResourceConversion
{
public:
  ResourceConversion(const ResourceConversion&) = delete;

  Resources consumed;
  Resources converted;

private:
  Option<std::function<Try<Nothing>(const Resources&)>> postValidation;
};

}  // namespace mesos

#endif  // MESOS_SDK_MESOS_RESOURCES_HPP
