// Describes mesos/module.hpp: what Mesos reads from an exported module symbol.
#ifndef MESOS_SDK_MESOS_MODULE_HPP
#define MESOS_SDK_MESOS_MODULE_HPP

#include <mesos/mesos.hpp>
#include <mesos/version.hpp>

#define MESOS_MODULE_API_VERSION "2"

namespace mesos {
namespace modules {

struct ModuleBase
{
  const char* moduleApiVersion;
  const char* mesosVersion;
  const char* kind;
  const char* authorName;
  const char* authorEmail;
  const char* description;

  // Null: the version strings must be equal.
  bool (*compatible)();
};


template <typename T>
const char* kind();


template <typename T>
struct Module : ModuleBase
{
  Module(
      const char* _moduleApiVersion,
      const char* _mesosVersion,
      const char* _authorName,
      const char* _authorEmail,
      const char* _description,
      bool (*_compatible)(),
      T* (*_create)(const Parameters& parameters))
      : ModuleBase(), create(_create)
  {
    moduleApiVersion = _moduleApiVersion;
    mesosVersion = _mesosVersion;
    kind = modules::kind<T>();
    authorName = _authorName;
    authorEmail = _authorEmail;
    description = _description;
    compatible = _compatible;
  }

  T* (*create)(const Parameters& parameters);
};

}  // namespace modules
}  // namespace mesos

#endif  // MESOS_SDK_MESOS_MODULE_HPP
