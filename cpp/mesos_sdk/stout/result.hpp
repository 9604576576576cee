// Describes stout/result.hpp: a Try of an Option.
#ifndef MESOS_SDK_STOUT_RESULT_HPP
#define MESOS_SDK_STOUT_RESULT_HPP

#include <string>

#include <stout/error.hpp>
#include <stout/none.hpp>
#include <stout/option.hpp>
#include <stout/try.hpp>

template <typename T>
class Result
{
public:
  Result(const None& none) : data(none) {}
  Result(const Error& error) : data(error) {}

  bool isSome() const { return data.isSome() && data.get().isSome(); }
  bool isNone() const { return data.isSome() && data.get().isNone(); }
  bool isError() const { return data.isError(); }

  const std::string& error() const { return data.error(); }

private:
  Try<Option<T>> data;
};

#endif  // MESOS_SDK_STOUT_RESULT_HPP
