// Reading typed values out of a YamlNode, with a problem for each that does not fit. Shared by flow files,
// profiles and the files of schedules (core/node/schedules).
#pragma once

#include "core/base/enum_names.h"
#include "core/flow/expression.h"
#include "core/flow/flow_definition.h"
#include "core/flow/problem_codes.h"
#include "core/flow/yaml_document.h"

#include <optional>

namespace muster {

// Nobody reads more, and a file can hold as many as it has nodes.
inline constexpr size_t kMostFlowProblems = 500;

// The file being read and what is wrong with it so far.
struct FileContext {
    const SourceText &source;
    FlowProblems problems;

    // There are more than anybody reads: what only helps with one more need not be looked for.
    [[nodiscard]] bool isFull() const { return problems.size() >= kMostFlowProblems; }

    FlowProblem &add(FlowProblemCode code, const YamlNode &at, const QString &path, const QString &found = {},
                     const QStringList &expected = {});
    FlowProblem &addAt(FlowProblemCode code, qsizetype offset, const QString &path, const QString &found = {},
                       const QStringList &expected = {});
};

// The texts of an enum's table, in order.
template <typename E> [[nodiscard]] QStringList enumWords()
{
    QStringList words;
    for (const auto &[value, text] : EnumNames<E>::table)
        words.append(QString::fromLatin1(text));
    return words;
}

[[nodiscard]] QString pathTo(const QString &path, const QString &key);
[[nodiscard]] QString pathTo(const QString &path, qsizetype index);

// Each adds a problem and gives nullopt if the node is not of that kind.
[[nodiscard]] std::optional<QString> readText(FileContext &file, const YamlNode &node, const QString &path);
[[nodiscard]] std::optional<bool> readBool(FileContext &file, const YamlNode &node, const QString &path);
[[nodiscard]] std::optional<int> readInt(FileContext &file, const YamlNode &node, const QString &path,
                                         int lowest, int highest);
[[nodiscard]] std::optional<double> readNumber(FileContext &file, const YamlNode &node, const QString &path,
                                               double lowest, double highest);
// A sum of money in micro-USD, written in dollars.
[[nodiscard]] std::optional<qint64> readUsd(FileContext &file, const YamlNode &node, const QString &path);
[[nodiscard]] std::optional<qint64> readDuration(FileContext &file, const YamlNode &node, const QString &path,
                                                 bool zeroAllowed = false);
// A list of texts; one text alone is a list of one.
[[nodiscard]] std::optional<QStringList> readTexts(FileContext &file, const YamlNode &node,
                                                   const QString &path);
[[nodiscard]] std::optional<QString> readWord(FileContext &file, const YamlNode &node, const QString &path,
                                              const QStringList &words);
template <typename E>
[[nodiscard]] std::optional<E> readEnum(FileContext &file, const YamlNode &node, const QString &path)
{
    const auto word = readWord(file, node, path, enumWords<E>());
    return word ? enumFromName<E>(*word) : std::nullopt;
}
[[nodiscard]] std::optional<QString> readName(FileContext &file, const YamlNode &node, const QString &path,
                                              bool identifier);
[[nodiscard]] FlowPermissions readPermissions(FileContext &file, const YamlNode &node, const QString &path);

// Checks that a node is a map, that no key comes twice and that each is known; `later` are keys of a later
// version. False if it is not a map.
[[nodiscard]] bool checkMap(FileContext &file, const YamlNode &node, const QString &path,
                            const QStringList &known, const QStringList &later = {});
// The same for a map of which the keys are names: every key is known.
[[nodiscard]] bool checkNames(FileContext &file, const YamlNode &node, const QString &path);
// A word that is none of `known`, with the closest of them.
void addUnknown(FileContext &file, FlowProblemCode code, const YamlNode &at, const QString &path,
                const QString &found, const QStringList &known);
// Adds MissingKey if there is none.
[[nodiscard]] const YamlNode *require(FileContext &file, const YamlNode &map, const QString &path,
                                      const QString &key);

// An expression's reference with its place in the file, to be checked once all steps are known.
struct PlacedReference {
    ExpressionReference reference;
    qsizetype offset = 0;
    QString path;
};

// The text with its expressions; faults become problems and references are appended.
[[nodiscard]] FlowText readFlowText(FileContext &file, const YamlNode &node, const QString &text,
                                    const QString &path, std::vector<PlacedReference> &references);

// The same for the code of a script, which is not between braces.
[[nodiscard]] FlowText readScript(FileContext &file, const YamlNode &node, const QString &text,
                                  const QString &path, std::vector<PlacedReference> &references);

} // namespace muster
