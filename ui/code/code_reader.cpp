#include "ui/code/code_reader.h"

#include "ui/code/code_language.h"

#include <KSyntaxHighlighting/AbstractHighlighter>
#include <KSyntaxHighlighting/Definition>
#include <KSyntaxHighlighting/Format>

namespace muster {
namespace {

constexpr qsizetype longestLine = 4000; // a longer one (minified code) stays plain

} // namespace

class CodeReader::Highlighter final : public KSyntaxHighlighting::AbstractHighlighter {
public:
    QList<CodeSpan> read(const QString &line, KSyntaxHighlighting::State &state)
    {
        m_spans.clear();
        state = highlightLine(line, state);
        return std::exchange(m_spans, {});
    }

protected:
    void applyFormat(int offset, int length, const KSyntaxHighlighting::Format &format) override
    {
        const CodeRole role = codeRoleOf(format.textStyle());
        if (role != CodeRole::Plain && length > 0)
            m_spans.append({.start = offset, .length = length, .role = role});
    }

private:
    QList<CodeSpan> m_spans;
};

CodeReader::CodeReader()
    : m_highlighter(std::make_unique<Highlighter>())
{
}

CodeReader::~CodeReader() = default;

void CodeReader::setFile(const QString &path)
{
    m_highlighter->setDefinition(codeRepository().definitionForFileName(path));
}

bool CodeReader::isPlain() const { return !m_highlighter->definition().isValid(); }

QList<CodeSpan> CodeReader::read(const QString &line, KSyntaxHighlighting::State &state)
{
    if (isPlain() || line.size() > longestLine)
        return {};
    return m_highlighter->read(line, state);
}

} // namespace muster
