#include "core/flow/file_reader.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

// Where something within an expression stands in the file: YAML folds lines and takes quotes away, but leaves
// the text of an expression as it is, so the n-th "${{" of a scalar is the n-th after its beginning.
class RawPlaces {
public:
    RawPlaces(const SourceText &source, qsizetype nodeOffset)
        : m_bytes(source.bytes())
        , m_at(nodeOffset)
    {
    }

    // Moves on to the next expression.
    void enter()
    {
        const qsizetype found = m_bytes.indexOf("${{", m_at);
        if (found >= 0)
            m_open = found;
        m_at = m_open + 3;
    }
    // To the scalar's own text, past a quote or the line of a block's sign.
    void enterText()
    {
        const char first = m_at < m_bytes.size() ? m_bytes[m_at] : ' ';
        m_open = m_at;
        if (first == '|' || first == '>')
            m_open = std::max(m_bytes.indexOf('\n', m_at), m_at);
        else if (first == '"' || first == '\'')
            ++m_open;
    }
    // `text` begins at the expression's "${{"; `offset` is within it. White space is passed over on both
    // sides, because indentation and folded lines are only in the file.
    [[nodiscard]] qsizetype placeOf(QStringView text, qsizetype offset) const
    {
        const QByteArray before = text.first(std::min(offset, text.size())).toUtf8();
        qsizetype at = m_open;
        for (const char byte : before) {
            if (isSpace(byte))
                continue;
            at = pastSpace(at) + 1;
        }
        return std::min(pastSpace(at), m_bytes.size());
    }

private:
    static bool isSpace(char byte) { return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t'; }
    [[nodiscard]] qsizetype pastSpace(qsizetype at) const
    {
        while (at < m_bytes.size() && isSpace(m_bytes[at]))
            ++at;
        return at;
    }

    const QByteArray &m_bytes;
    qsizetype m_at;
    qsizetype m_open = 0;
};

} // namespace

FlowText readFlowText(FileContext &file, const YamlNode &node, const QString &text, const QString &path,
                      std::vector<PlacedReference> &references)
{
    const ExpressionText scanned = scanExpressions(text);
    FlowText read{.source = text,
                  .literals = scanned.literals,
                  .expressions = {},
                  .line = node.line,
                  .column = node.column};
    RawPlaces places(file.source, node.offset);
    size_t nextFault = 0;
    const auto reportFaults = [&](qsizetype begin, qsizetype until) {
        for (; nextFault < scanned.faults.size() && scanned.faults[nextFault].offset < until; ++nextFault) {
            const ExpressionFault &fault = scanned.faults[nextFault];
            const qsizetype offset = places.placeOf(QStringView(text).sliced(begin), fault.offset - begin);
            file.addAt(fault.code, offset, path, fault.found, fault.expected);
        }
    };
    // Only the last can be without an end; it is no expression, only a fault.
    const bool open =
        !scanned.faults.empty() && scanned.faults.back().code == FlowProblemCode::UnclosedExpression;
    const qsizetype unclosed = open ? scanned.faults.back().offset : text.size() + 1;
    for (size_t i = 0; i < scanned.expressions.size(); ++i) {
        const ExpressionSpan &span = scanned.expressions[i];
        const qsizetype next =
            i + 1 < scanned.expressions.size() ? scanned.expressions[i + 1].offset : unclosed;
        places.enter();
        reportFaults(span.offset, next);
        for (const ExpressionReference &reference : span.references) {
            const QStringView rest = QStringView(text).sliced(span.offset);
            references.push_back({reference, places.placeOf(rest, reference.offset - span.offset), path});
        }
        read.expressions.append(span.source);
    }
    if (open) {
        places.enter();
        reportFaults(unclosed, text.size() + 1);
    }
    return read;
}

FlowText readScript(FileContext &file, const YamlNode &node, const QString &text, const QString &path,
                    std::vector<PlacedReference> &references)
{
    const ScriptScan scanned = scanScript(text);
    RawPlaces places(file.source, node.offset);
    places.enterText();
    for (const ExpressionFault &fault : scanned.faults)
        file.addAt(fault.code, places.placeOf(text, fault.offset), path, fault.found, fault.expected);
    for (const ExpressionReference &reference : scanned.references)
        references.push_back({reference, places.placeOf(text, reference.offset), path});
    return {.source = text, .literals = {text}, .expressions = {}, .line = node.line, .column = node.column};
}

} // namespace muster
