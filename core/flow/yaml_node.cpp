#include "core/flow/yaml_document.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QRegularExpression>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

QJsonValue scalarToJson(const YamlNode &node)
{
    if (!node.plain)
        return node.text;
    static const QRegularExpression integer(uR"(\A[-+]?\d{1,18}\z)"_s);
    static const QRegularExpression real(uR"(\A[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?\z)"_s);
    if (node.text == "true"_L1 || node.text == "True"_L1 || node.text == "TRUE"_L1)
        return true;
    if (node.text == "false"_L1 || node.text == "False"_L1 || node.text == "FALSE"_L1)
        return false;
    if (integer.match(node.text).hasMatch())
        return node.text.toLongLong();
    if (real.match(node.text).hasMatch())
        return node.text.toDouble();
    return node.text;
}

} // namespace

const YamlNode *YamlNode::find(QStringView key) const
{
    for (const auto &[name, value] : members) {
        if (name.isScalar() && name.text == key)
            return &value;
    }
    return nullptr;
}

QJsonValue YamlNode::toJson() const
{
    switch (kind) {
    case Kind::Null:
        return QJsonValue::Null;
    case Kind::Scalar:
        return scalarToJson(*this);
    case Kind::List: {
        QJsonArray array;
        for (const YamlNode &item : items)
            array.append(item.toJson());
        return array;
    }
    case Kind::Map:
        break;
    }
    QJsonObject object;
    for (const auto &[key, value] : members)
        object.insert(key.text, value.toJson());
    return object;
}

QString YamlNode::typeName() const
{
    switch (kind) {
    case Kind::Null:
        return u"nothing"_s;
    case Kind::List:
        return u"list"_s;
    case Kind::Map:
        return u"map"_s;
    case Kind::Scalar:
        break;
    }
    const QJsonValue value = scalarToJson(*this);
    if (value.isBool())
        return u"boolean"_s;
    return value.isDouble() ? u"number"_s : u"text"_s;
}

SourceText::SourceText(QByteArray text)
    : m_text(std::move(text))
    , m_lineStarts{0}
{
    for (qsizetype i = m_text.indexOf('\n'); i >= 0; i = m_text.indexOf('\n', i + 1))
        m_lineStarts.push_back(i + 1);
}

std::pair<int, int> SourceText::place(qsizetype offset) const
{
    const auto after = std::ranges::upper_bound(m_lineStarts, offset);
    const auto line = static_cast<int>(after - m_lineStarts.begin());
    const qsizetype start = *(after - 1);
    const qsizetype end = std::min(offset, m_text.size());
    // Every byte but those that continue a character begins one.
    const auto characters = std::count_if(m_text.begin() + start, m_text.begin() + end, [](char byte) {
        return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
    });
    return {line, static_cast<int>(characters) + 1};
}

qsizetype SourceText::offsetOf(int line, int byteColumn) const
{
    const auto index = std::clamp<qsizetype>(line, 0, static_cast<qsizetype>(m_lineStarts.size()) - 1);
    return std::min(m_lineStarts[static_cast<size_t>(index)] + byteColumn, m_text.size());
}

QByteArray SourceText::line(int number) const
{
    if (number < 1 || number > lineCount())
        return {};
    const qsizetype start = m_lineStarts[static_cast<size_t>(number) - 1];
    const qsizetype end = m_text.indexOf('\n', start);
    return m_text.mid(start, end < 0 ? -1 : end - start);
}

} // namespace muster
