// Describes stout/try.hpp: an Option of the value, then an Option of the
// error; exactly one of them is set.
#ifndef MESOS_SDK_STOUT_TRY_HPP
#define MESOS_SDK_STOUT_TRY_HPP

#include <string>
#include <type_traits>
#include <utility>

#include <stout/error.hpp>
#include <stout/option.hpp>

template <typename T, typename E = Error>
class Try
{
public:
  Try(const T& value) : data(value) {}
  Try(T&& value) : data(std::move(value)) {}
  Try(const E& error) : error_(error) {}

  template <
      typename U,
      typename = std::enable_if_t<std::is_constructible<T, const U&>::value>>
  Try(const U& value) : data(InPlace(), value)
  {}

  bool isSome() const { return data.isSome(); }
  bool isError() const { return data.isNone(); }

  const T& get() const { return data.get(); }
  const T* operator->() const { return &data.get(); }

  const std::string& error() const { return error_.get().message; }

private:
  Option<T> data;
  Option<E> error_;
};

#endif  // MESOS_SDK_STOUT_TRY_HPP
