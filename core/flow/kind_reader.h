// What says of which kind a step is, each with the keys below it. Used by readStep() alone.
#pragma once

#include "core/flow/flow_draft.h"

namespace muster {

// A key of a step that makes it one of that kind.
struct KindKey {
    const char *key;
    StepKind kind;
    void (*read)(FileContext &file, const YamlNode &node, const QString &path, StepDraft &draft);
};

[[nodiscard]] const KindKey *kindKey(const QString &key);
[[nodiscard]] QStringList kindKeys();

// A text that must not be empty, with its expressions.
[[nodiscard]] FlowText readFilledText(FileContext &file, const YamlNode &node, const QString &path,
                                      std::vector<PlacedReference> &into);
// `true`, `false` or one expression.
[[nodiscard]] FlowText readCondition(FileContext &file, const YamlNode &node, const QString &path,
                                     std::vector<PlacedReference> &into);
// What counts of several, and how long all of it may take: a word, or `{ counts, timeout }`.
void readJoin(FileContext &file, const YamlNode &node, const QString &path, ForeachJoin &join,
              qint64 &timeoutMs);
[[nodiscard]] FlowText readOneExpression(FileContext &file, const YamlNode &node, const QString &path,
                                         FlowProblemCode otherwise, std::vector<PlacedReference> &into);

} // namespace muster
