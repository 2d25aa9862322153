// How many members a plain struct has: so that a list of members can be refused by the compiler when it misses one.
#pragma once

#include <cstddef>
#include <utility>

namespace packbench::fmi {

struct AnyMember {
  template <class Member>
  operator Member() const;  // never defined: only asked whether it would do
};

template <class Struct, std::size_t... index>
constexpr bool takes(std::index_sequence<index...>) {
  return requires { Struct{((void)index, AnyMember{})...}; };
}

// Members of an aggregate without base classes and arrays.
template <class Struct, std::size_t count = 0>
constexpr std::size_t member_count() {
  if constexpr (takes<Struct>(std::make_index_sequence<count + 1>{}))
    return member_count<Struct, count + 1>();
  else
    return count;
}

}  // namespace packbench::fmi
