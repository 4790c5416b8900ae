#include "core/flow/file_reader.h"

#include "core/base/duration.h"
#include "core/flow/did_you_mean.h"

#include <QRegularExpression>

#include <cmath>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kMostFoundCharacters = 120;
constexpr qsizetype kMostTextCharacters = 64 * 1024;

void wrongType(FileContext &file, const YamlNode &node, const QString &path, const QString &wanted)
{
    file.add(FlowProblemCode::WrongType, node, path, node.typeName(), {wanted});
}

} // namespace

FlowProblem &FileContext::add(FlowProblemCode code, const YamlNode &at, const QString &path,
                              const QString &found, const QStringList &expected)
{
    problems.push_back(FlowProblem{.code = code,
                                   .line = at.line,
                                   .column = at.column,
                                   .path = path,
                                   .found = found.left(kMostFoundCharacters),
                                   .expected = expected,
                                   .suggestion = {}});
    return problems.back();
}

FlowProblem &FileContext::addAt(FlowProblemCode code, qsizetype offset, const QString &path,
                                const QString &found, const QStringList &expected)
{
    YamlNode at;
    std::tie(at.line, at.column) = source.place(offset);
    return add(code, at, path, found, expected);
}

QString pathTo(const QString &path, const QString &key)
{
    return path.isEmpty() ? key : QString(path % u'.' % key);
}

QString pathTo(const QString &path, qsizetype index) { return path % u'[' % QString::number(index) % u']'; }

std::optional<QString> readText(FileContext &file, const YamlNode &node, const QString &path)
{
    if (node.typeName() != "text"_L1) {
        wrongType(file, node, path, u"text"_s);
        return std::nullopt;
    }
    if (node.text.size() > kMostTextCharacters) {
        file.add(FlowProblemCode::TooLong, node, path, QString::number(node.text.size()),
                 {QString::number(kMostTextCharacters)});
        return std::nullopt;
    }
    return node.text;
}

std::optional<bool> readBool(FileContext &file, const YamlNode &node, const QString &path)
{
    const QJsonValue value = node.toJson();
    if (!node.isScalar() || !value.isBool()) {
        file.add(FlowProblemCode::WrongType, node, path, node.typeName(), {u"boolean"_s}).suggestion =
            node.text == "yes"_L1 || node.text == "on"_L1   ? u"true"_s
            : node.text == "no"_L1 || node.text == "off"_L1 ? u"false"_s
                                                            : QString();
        return std::nullopt;
    }
    return value.toBool();
}

std::optional<double> readNumber(FileContext &file, const YamlNode &node, const QString &path, double lowest,
                                 double highest)
{
    const QJsonValue value = node.isScalar() ? node.toJson() : QJsonValue();
    if (!value.isDouble()) {
        wrongType(file, node, path, u"number"_s);
        return std::nullopt;
    }
    const double number = value.toDouble();
    const bool within = number >= lowest && number <= highest; // not a number is not
    if (!within) {
        file.add(FlowProblemCode::OutOfRange, node, path, node.text,
                 {QString::number(lowest), QString::number(highest)});
        return std::nullopt;
    }
    return number;
}

std::optional<int> readInt(FileContext &file, const YamlNode &node, const QString &path, int lowest,
                           int highest)
{
    const auto number = readNumber(file, node, path, lowest, highest);
    if (!number)
        return std::nullopt;
    const auto whole = static_cast<int>(*number);
    if (static_cast<double>(whole) != *number) {
        file.add(FlowProblemCode::WrongType, node, path, u"number"_s, {u"whole number"_s}).suggestion =
            QString::number(whole);
        return std::nullopt;
    }
    return whole;
}

std::optional<qint64> readUsd(FileContext &file, const YamlNode &node, const QString &path)
{
    constexpr double most = 1'000'000;
    constexpr double micro = 1'000'000;
    return readNumber(file, node, path, 0, most).transform([](double usd) {
        return static_cast<qint64>(std::llround(usd * micro));
    });
}

std::optional<qint64> readDuration(FileContext &file, const YamlNode &node, const QString &path,
                                   bool zeroAllowed)
{
    static const QStringList examples{u"90s"_s, u"20m"_s, u"2h30m"_s, u"2d"_s};
    const bool scalar = node.isScalar() && node.typeName() != "boolean"_L1;
    const auto duration = scalar ? durationFromText(node.text) : std::nullopt;
    if (duration && (zeroAllowed || *duration > 0))
        return duration;
    FlowProblem &problem = file.add(FlowProblemCode::InvalidDuration, node, path,
                                    scalar ? node.text : node.typeName(), examples);
    if (node.typeName() == "number"_L1 && durationFromText(QString(node.text % u's')))
        problem.suggestion = QString(node.text % u's');
    return std::nullopt;
}

std::optional<QStringList> readTexts(FileContext &file, const YamlNode &node, const QString &path)
{
    if (node.isScalar()) {
        const auto text = readText(file, node, path);
        return text ? std::optional(QStringList{*text}) : std::nullopt;
    }
    if (!node.isList()) {
        wrongType(file, node, path, u"list"_s);
        return std::nullopt;
    }
    QStringList texts;
    for (qsizetype i = 0; i < static_cast<qsizetype>(node.items.size()); ++i) {
        if (const auto text = readText(file, node.items[static_cast<size_t>(i)], pathTo(path, i)))
            texts.append(*text);
    }
    return texts;
}

std::optional<QString> readWord(FileContext &file, const YamlNode &node, const QString &path,
                                const QStringList &words)
{
    auto word = readText(file, node, path);
    if (!word)
        return std::nullopt;
    if (words.contains(*word))
        return word;
    file.add(FlowProblemCode::InvalidChoice, node, path, *word, words).suggestion = closestOf(*word, words);
    return std::nullopt;
}

std::optional<QString> readName(FileContext &file, const YamlNode &node, const QString &path, bool identifier)
{
    static const QRegularExpression name(uR"(\A[A-Za-z_][A-Za-z0-9_-]{0,63}\z)"_s);
    static const QRegularExpression plain(uR"(\A[A-Za-z_][A-Za-z0-9_]{0,63}\z)"_s);
    auto text = readText(file, node, path);
    if (!text)
        return std::nullopt;
    if ((identifier ? plain : name).match(*text).hasMatch())
        return text;
    QString better = *text;
    better.replace(QRegularExpression(identifier ? u"[^A-Za-z0-9_]+"_s : u"[^A-Za-z0-9_-]+"_s), u"_"_s);
    if (!better.isEmpty() && !better.front().isLetter())
        better.prepend(u'_');
    file.add(FlowProblemCode::InvalidName, node, path, *text,
             {identifier ? u"[A-Za-z_][A-Za-z0-9_]*"_s : u"[A-Za-z_][A-Za-z0-9_-]*"_s})
        .suggestion = better.left(64);
    return std::nullopt;
}

FlowPermissions readPermissions(FileContext &file, const YamlNode &node, const QString &path)
{
    FlowPermissions permissions;
    if (!checkMap(file, node, path, {u"write"_s, u"run"_s, u"merge"_s}, {u"read"_s, u"fetch"_s}))
        return permissions;
    for (const auto &[key, value] : node.members) {
        const auto texts = readTexts(file, value, pathTo(path, key.text));
        if (texts && key.text == "write"_L1)
            permissions.write = *texts;
        else if (texts && key.text == "run"_L1)
            permissions.run = *texts;
        else if (texts && key.text == "merge"_L1)
            permissions.merge = *texts;
    }
    return permissions;
}

namespace {

// `known` absent: every key is.
bool checkKeys(FileContext &file, const YamlNode &node, const QString &path, const QStringList *known,
               const QStringList &later)
{
    if (!node.isMap()) {
        wrongType(file, node, path, u"map"_s);
        return false;
    }
    QHash<QString, int> lines;
    for (const auto &[key, value] : node.members) {
        const QString where = pathTo(path, key.text);
        if (!key.isScalar())
            wrongType(file, key, path, u"text"_s);
        else if (lines.contains(key.text))
            file.add(FlowProblemCode::DuplicateKey, key, where, key.text,
                     {QString::number(lines.value(key.text))});
        else if (later.contains(key.text))
            file.add(FlowProblemCode::NotInThisVersion, key, where, key.text);
        else if (known && !known->contains(key.text))
            addUnknown(file, FlowProblemCode::UnknownKey, key, where, key.text, *known);
        if (!lines.contains(key.text))
            lines.insert(key.text, key.line);
    }
    return true;
}

} // namespace

bool checkMap(FileContext &file, const YamlNode &node, const QString &path, const QStringList &known,
              const QStringList &later)
{
    return checkKeys(file, node, path, &known, later);
}

bool checkNames(FileContext &file, const YamlNode &node, const QString &path)
{
    return checkKeys(file, node, path, nullptr, {});
}

void addUnknown(FileContext &file, FlowProblemCode code, const YamlNode &at, const QString &path,
                const QString &found, const QStringList &known)
{
    const QString closest = file.isFull() ? QString() : closestOf(found, known);
    file.add(code, at, path, found, known).suggestion = closest;
}

const YamlNode *require(FileContext &file, const YamlNode &map, const QString &path, const QString &key)
{
    const YamlNode *found = map.find(key);
    if (!found)
        file.add(FlowProblemCode::MissingKey, map, path, key);
    return found;
}

} // namespace muster
