// Describes mesos/maintenance/maintenance.hpp.
#ifndef MESOS_SDK_MESOS_MAINTENANCE_MAINTENANCE_HPP
#define MESOS_SDK_MESOS_MAINTENANCE_MAINTENANCE_HPP

#include <mesos/mesos.hpp>
#include <mesos/resources.hpp>

namespace mesos {

struct UnavailableResources
{
  Resources resources;
  Unavailability unavailability;
};

}  // namespace mesos

#endif  // MESOS_SDK_MESOS_MAINTENANCE_MAINTENANCE_HPP
