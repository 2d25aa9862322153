// Posted records straight from their text, for bodies as gateways send them: the fast way beside read_new_record().
//
// What this takes is what parse_json() and read_new_record() make of the same body. It gives up at anything that they
// would refuse and at some things that they take (escapes and letters beyond ASCII in words, exponents in numbers), so
// that they alone say what is wrong. Records come in the order of the body, a few at a time; one that was taken is
// right also when it gives up at a later one.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "hil/api/values/record_json.h"
#include "hil/api/values/text_scan.h"

namespace packbench::hil::api {

class RecordScan {
 public:
  // Of a body that is one record, or an array of 1 to `most`. Both texts must live as long as this.
  RecordScan(std::string_view body, std::string_view device_id, std::size_t most);

  // Adds the next records, so many at most; false when it gives up.
  bool take(std::size_t count, std::vector<NewRecord>& out);
  bool whole() const { return whole_; }  // all are taken, and nothing stands behind them

 private:
  bool take(NewRecord& out);

  TextScan in_;
  std::string_view device_id_;
  std::size_t left_;
  bool array_, whole_ = false;
};

}  // namespace packbench::hil::api
