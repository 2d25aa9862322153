// The records of an answer, one after the other, in the form that was asked for.
//
//   json    {"success":true,"data":[RECORD,RECORD      what follows the last record is not written here
//   ndjson  RECORD, line feed, for each
//   csv     a header and a line for each (record_csv.h)
#pragma once

#include <string>

#include "hil/api/http/accept.h"
#include "hil/api/values/record_csv.h"
#include "hil/api/values/record_json.h"

namespace packbench::hil::api {

class RecordWriter {
 public:
  // buckets: the records stand for buckets of a thinned range.
  enum class Of { records, buckets };
  RecordWriter(Media media, const Device& device, RecordForm form, Of of);

  void begin(std::string& out) const;
  void add(std::string& out, const Record& record);

 private:
  Media media_;
  RecordForm form_;
  std::string device_id_;
  CsvColumns columns_;
  bool first_ = true;
};

}  // namespace packbench::hil::api
