// Markdown with YAML front matter between two lines "---": profiles, skills, teams. Not for other modules.
#pragma once

#include "core/flow/file_reader.h"

#include <QByteArray>
#include <QString>

#include <functional>

namespace muster {

// Reads a file of that form: `read` is given the front matter, and adds to the context's problems. `body`:
// what follows it, trimmed.
struct FrontMatterResult {
    QString body;
    FlowProblems problems;
};
[[nodiscard]] FrontMatterResult
readFrontMatter(const QByteArray &text, const std::function<void(FileContext &, const YamlNode &)> &read);

} // namespace muster
