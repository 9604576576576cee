// Describes stout/error.hpp and stout/errorbase.hpp: one string, and no
// virtual function.
#ifndef MESOS_SDK_STOUT_ERROR_HPP
#define MESOS_SDK_STOUT_ERROR_HPP

#include <string>

class Error
{
public:
  explicit Error(const std::string& text) : message(text) {}

  const std::string message;
};

#endif  // MESOS_SDK_STOUT_ERROR_HPP
