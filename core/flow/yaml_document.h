// YamlDocument: YAML text as a tree in which every node knows its place, with limits that a hostile file can
// not pass (bytes, levels, nodes also after aliases are expanded). Format: YAML 1.2 as yaml-cpp reads it;
// plain scalars by the core schema. Any thread.
#pragma once

#include "core/flow/problem_codes.h"

#include <QByteArray>
#include <QJsonValue>
#include <QString>

#include <optional>
#include <utility>
#include <vector>

namespace muster {

inline constexpr qsizetype kMostYamlBytes = 1024 * 1024;
inline constexpr int kMostYamlLevels = 32;
inline constexpr int kMostYamlNodes = 100000;

struct YamlMember;

struct YamlNode {
    enum class Kind : std::uint8_t { Null, Scalar, List, Map };

    Kind kind = Kind::Null;
    bool plain = false; // a scalar without quotes: may be a number or true/false
    QString text;
    int line = 1;         // from 1
    int column = 1;       // from 1, in characters
    qsizetype offset = 0; // in bytes, of the node in the text
    std::vector<YamlNode> items;
    std::vector<YamlMember> members;

    [[nodiscard]] bool isNull() const { return kind == Kind::Null; }
    [[nodiscard]] bool isScalar() const { return kind == Kind::Scalar; }
    [[nodiscard]] bool isList() const { return kind == Kind::List; }
    [[nodiscard]] bool isMap() const { return kind == Kind::Map; }
    // The first member of that name.
    [[nodiscard]] const YamlNode *find(QStringView key) const;
    // Numbers, true/false, text, list, map, null, as JSON has them.
    [[nodiscard]] QJsonValue toJson() const;
    // "text", "number", "boolean", "list", "map", "nothing": argument of WrongType.
    [[nodiscard]] QString typeName() const;
};

struct YamlMember {
    YamlNode key;
    YamlNode value;
};

// Places in a text: byte offset to line and column. Remembers the last place, because a file is read from its
// beginning to its end and may be one long line; so one thread at a time.
class SourceText {
public:
    explicit SourceText(QByteArray text);
    [[nodiscard]] const QByteArray &bytes() const { return m_text; }
    [[nodiscard]] std::pair<int, int> place(qsizetype offset) const;
    // By line and byte column from 0, as yaml-cpp counts.
    [[nodiscard]] qsizetype offsetOf(int line, int byteColumn) const;
    [[nodiscard]] int lineCount() const { return static_cast<int>(m_lineStarts.size()); }
    [[nodiscard]] QByteArray line(int number) const; // from 1

private:
    struct Place {
        qsizetype offset = 0;
        qsizetype lineStart = 0;
        int column = 1;
    };

    QByteArray m_text;
    std::vector<qsizetype> m_lineStarts;
    mutable Place m_last;
};

struct YamlDocument {
    std::optional<YamlNode> root; // absent if there is any problem
    FlowProblems problems;
};

[[nodiscard]] YamlDocument parseYaml(const SourceText &source);

} // namespace muster
