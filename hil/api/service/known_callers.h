// Which keys came in by which addresses lately, so that strangers behind an address do not shut out who is known there.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <string>

namespace packbench::hil::api {

// As many as there are places; a later caller takes the place of an earlier one. Of each only a hash is kept, so memory
// does not grow with callers.
class KnownCallers {
 public:
  void add(const std::string& peer, const std::string& key_id) {
    const std::size_t hash = hash_of(peer, key_id);
    places_[place_of(hash)] = hash;
  }
  bool has(const std::string& peer, const std::string& key_id) const {
    const std::size_t hash = hash_of(peer, key_id);
    return places_[place_of(hash)] == hash;
  }

 private:
  static std::size_t hash_of(const std::string& peer, const std::string& key_id) {
    const std::hash<std::string> hash;
    return (hash(peer) * 31 + hash(key_id)) | 1u;  // an empty place is 0
  }
  std::size_t place_of(std::size_t hash) const { return (hash >> 1u) % places_.size(); }
  std::array<std::size_t, 4096> places_{};
};

}  // namespace packbench::hil::api
