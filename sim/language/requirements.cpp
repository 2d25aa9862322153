#include "sim/language/requirements.h"

#include <set>

#include "sim/language/file_bytes.h"
#include "sim/language/value_types.h"

namespace packbench::sim {
namespace {

const FieldTable<Requirement>& requirement_fields() {
  using R = Requirement;
  static const FieldTable<R> table{
      "a requirement",
      {field<R>("id", Text{"a short id"}, &R::id, "id that scenarios name", Need::required),
       field<R>("text", Text{}, &R::text, "what is asked", Need::required),
       field<R>("source", Text{}, &R::source, "where it comes from", Need::required)},
      [](const Value& value, R& requirement) { requirement.mark = value.mark(); },
      {}};
  return table;
}

}  // namespace

std::variant<std::vector<Requirement>, Problems> read_requirements(const std::filesystem::path& file) {
  const auto bytes = read_bytes(file);
  if (const auto* problem = std::get_if<Problem>(&bytes)) return Problems{*problem};
  const auto tree = parse_yaml(std::get<std::string>(bytes), file.string());
  if (const auto* problems = std::get_if<Problems>(&tree)) return *problems;
  ReadContext context;
  const Value root(std::get<YamlNode>(tree), "", context);
  auto list = ListOf<Object<Requirement>>{{requirement_fields}, 0}.read(root);
  std::set<std::string> seen;
  for (const Requirement& one : list.value_or(std::vector<Requirement>{}))
    if (!one.id.empty() && !seen.insert(one.id).second)
      context.problems.push_back({one.mark, "", "duplicate requirement '" + one.id + "'", "expected every id once"});
  if (!context.problems.empty()) return context.problems;
  return std::move(*list);
}

Problems unknown_requirements(const Scenario& scenario, const std::vector<Requirement>& requirements) {
  std::vector<std::string> ids;
  for (const Requirement& one : requirements) ids.push_back(one.id);
  const std::set<std::string> known(ids.begin(), ids.end());
  Problems problems;
  const auto judge = [&](const std::vector<std::string>& named, const Mark& mark, const std::string& path) {
    for (const std::string& id : named) {
      if (known.contains(id)) continue;
      const auto nearest = nearest_word(id, ids);
      problems.push_back(
          {mark, path, "unknown requirement '" + id + "'",
           "expected an id of the requirements file" + (nearest ? "; did you mean '" + *nearest + "'?" : "")});
    }
  };
  judge(scenario.requirement, {scenario.file.string(), 1, 1}, "requirement");
  for (std::size_t i = 0; i < scenario.expect.size(); ++i)
    judge(scenario.expect[i].requirement, scenario.expect[i].mark, "expect[" + std::to_string(i) + "].requirement");
  return problems;
}

}  // namespace packbench::sim
