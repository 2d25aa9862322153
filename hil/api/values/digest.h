// SHA-256, random numbers, and the identifiers made from them.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace packbench::hil::api {

using Digest = std::array<std::uint8_t, 32>;

Digest sha256(std::string_view bytes);
std::string hex(std::span<const std::uint8_t> bytes);
// In a time that does not depend on where the two differ.
bool equal_in_constant_time(const Digest& one, const Digest& other);

// The id of a record: a UUID of version 8 (RFC 9562), so the same run gives the same ids. Its first 48 bits are the low
// 16 of the boot and the low 32 of the sequence, so the ids of a device come in their order and a store puts them side
// by side; the rest is from the SHA-256 of seed, device, boot and sequence.
std::string record_uuid(std::uint64_t seed, std::string_view device_id, std::int64_t boot, std::int64_t sequence);
// The id of a record without boot and sequence: a UUID of version 7, random behind the 48 bits of its time.
std::string time_uuid(std::int64_t ms);
// The same, with the low 24 bits of a sequence behind the time: what was measured in one millisecond stays in order.
std::string time_uuid(std::int64_t ms, std::int64_t sequence);
// A random UUID of version 4.
std::string random_uuid();
std::string random_hex(std::size_t bytes);  // two digits a byte, fit for secrets

}  // namespace packbench::hil::api
