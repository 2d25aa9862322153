// Writes cell files (cell_file_reader.h reads them).
#pragma once

#include <string>

#include "sim/language/cell_file.h"

namespace packbench::sim {

// The whole file as text. Read again it gives the same cell, bit for bit, the same texts and the same standard errors:
// numbers are the shortest text that reads back as themselves. Tables stand in the file itself. A standard error whose
// path names nothing of the cell, or that has another number of values, throws std::invalid_argument. An empty
// description, licence or source is left out; the reader wants a source and a licence of the whole file.
std::string cell_file_text(const CellFile& file);

}  // namespace packbench::sim
