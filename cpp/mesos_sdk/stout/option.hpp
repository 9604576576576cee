// Describes stout/option.hpp: the state first (0 is "some"), then the value.
#ifndef MESOS_SDK_STOUT_OPTION_HPP
#define MESOS_SDK_STOUT_OPTION_HPP

#include <new>
#include <type_traits>
#include <utility>

#include <stout/none.hpp>

// Not in Mesos: makes the value where it will stay, so that a type which can
// be neither copied nor moved can be returned.
struct InPlace
{};


template <typename T>
class Option
{
public:
  Option() : state(NONE) {}
  Option(const None&) : state(NONE) {}
  Option(const T& value) : state(SOME), t(value) {}
  Option(T&& value) : state(SOME), t(std::move(value)) {}

  template <
      typename U,
      typename = std::enable_if_t<std::is_constructible<T, const U&>::value>>
  Option(const U& value) : state(SOME), t(value)
  {}

  template <typename U>
  Option(InPlace, const U& value) : state(SOME), t(value)
  {}

  Option(const Option& that) : state(that.state)
  {
    if (that.isSome()) {
      new (&t) T(that.t);
    }
  }

  Option(Option&& that) noexcept(std::is_nothrow_move_constructible<T>::value)
      : state(that.state)
  {
    if (that.isSome()) {
      new (&t) T(std::move(that.t));
    }
  }

  ~Option()
  {
    if (isSome()) {
      t.~T();
    }
  }

  Option& operator=(const Option& that) { return *this = Option(that); }

  Option& operator=(Option&& that)
  {
    if (this != &that) {
      this->~Option();
      new (this) Option(std::move(that));
    }
    return *this;
  }

  bool isSome() const { return state == SOME; }
  bool isNone() const { return state == NONE; }

  const T& get() const { return t; }
  const T* operator->() const { return &t; }

private:
  enum State
  {
    SOME = 0,
    NONE = 1,
  };

  State state;

  union {
    T t;
  };
};

#endif  // MESOS_SDK_STOUT_OPTION_HPP
