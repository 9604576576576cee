// Describes the part of stout/lambda.hpp that libprocess hands callbacks
// around with.
#ifndef MESOS_SDK_STOUT_LAMBDA_HPP
#define MESOS_SDK_STOUT_LAMBDA_HPP

#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

namespace lambda {

using std::function;

template <typename F>
class CallableOnce;

// One owning pointer. The host calls and destroys what it points to through
// the virtual table: two destructor slots, then the call.
template <typename R, typename... Args>
class CallableOnce<R(Args...)>
{
public:
  template <
      typename F,
      typename =
          std::enable_if_t<!std::is_same<std::decay_t<F>, CallableOnce>::value>>
  CallableOnce(F&& function)
      : f(new Function<std::decay_t<F>>(std::forward<F>(function)))
  {}

  CallableOnce(CallableOnce&&) = default;
  CallableOnce& operator=(CallableOnce&&) = default;

  R operator()(Args... args) &&
  {
    return std::move(*f)(std::forward<Args>(args)...);
  }

private:
  struct Callable
  {
    virtual ~Callable() = default;
    virtual R operator()(Args&&... args) && = 0;
  };

  template <typename F>
  struct Function : Callable
  {
    explicit Function(F&& f) : function(std::move(f)) {}
    explicit Function(const F& f) : function(f) {}

    R operator()(Args&&... args) && override
    {
      return std::move(function)(std::forward<Args>(args)...);
    }

    F function;
  };

  std::unique_ptr<Callable> f;
};

}  // namespace lambda

#endif  // MESOS_SDK_STOUT_LAMBDA_HPP
