// Describes mesos/quota/quota.hpp and, for brevity,
// mesos/resource_quantities.hpp.
#ifndef MESOS_SDK_MESOS_QUOTA_QUOTA_HPP
#define MESOS_SDK_MESOS_QUOTA_QUOTA_HPP

#include <string>
#include <utility>

#include <boost/container/small_vector.hpp>

#include <mesos/mesos.hpp>

namespace mesos {

typedef std::pair<std::string, Value::Scalar> Quantity;


// Amounts by name; what is absent is zero.
class ResourceQuantities
{
public:
  const Quantity* begin() const { return quantities.begin(); }
  const Quantity* end() const { return quantities.end(); }

private:
  boost::container::small_vector<Quantity, 7> quantities;
};


// Amounts by name; what is absent has no limit.
class ResourceLimits
{
public:
  const Quantity* begin() const { return limits.begin(); }
  const Quantity* end() const { return limits.end(); }

private:
  boost::container::small_vector<Quantity, 7> limits;
};


struct Quota
{
  ResourceQuantities guarantees;
  ResourceLimits limits;
};

}  // namespace mesos

#endif  // MESOS_SDK_MESOS_QUOTA_QUOTA_HPP
