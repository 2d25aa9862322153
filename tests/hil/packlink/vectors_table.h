// The rows of vectors.txt.
#pragma once

#include <cstdint>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

struct Vector {
  std::string name;
  int type = 0, sequence = 0;
  std::vector<std::uint8_t> frame;
};

inline std::vector<std::uint8_t> bytes_of_hex(const std::string& hex) {
  std::vector<std::uint8_t> bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<std::uint8_t>(std::stoi(hex.substr(i, 2), nullptr, 16)));
  }
  return bytes;
}

inline std::vector<Vector> read_vectors() {
  std::ifstream file(PACKLINK_VECTORS);
  std::vector<Vector> rows;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    Vector row;
    std::string type;
    std::istringstream(line) >> row.name >> type >> row.sequence;
    row.type = std::stoi(type, nullptr, 0);
    row.frame = bytes_of_hex(line.substr(line.rfind('|') + 2));
    rows.push_back(row);
  }
  return rows;
}
