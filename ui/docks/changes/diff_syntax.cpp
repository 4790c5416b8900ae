#include "ui/docks/changes/diff_syntax.h"

#include <KSyntaxHighlighting/AbstractHighlighter>
#include <KSyntaxHighlighting/Definition>
#include <KSyntaxHighlighting/Format>
#include <KSyntaxHighlighting/Repository>
#include <KSyntaxHighlighting/State>

namespace muster {
namespace {

constexpr qsizetype longestLine = 4000; // a longer one (minified code) stays plain

KSyntaxHighlighting::Repository &repository()
{
    static KSyntaxHighlighting::Repository all; // reads its index once
    return all;
}

CodeRole roleOf(KSyntaxHighlighting::Theme::TextStyle style)
{
    using Style = KSyntaxHighlighting::Theme;
    switch (style) {
    case Style::Keyword:
    case Style::ControlFlow:
    case Style::Operator:
        return style == Style::Operator ? CodeRole::Plain : CodeRole::Keyword;
    case Style::DataType:
    case Style::BuiltIn:
    case Style::Extension:
    case Style::Attribute:
        return CodeRole::Type;
    case Style::Function:
    case Style::Variable:
        return style == Style::Function ? CodeRole::Function : CodeRole::Plain;
    case Style::Char:
    case Style::SpecialChar:
    case Style::String:
    case Style::VerbatimString:
    case Style::SpecialString:
        return CodeRole::Text;
    case Style::DecVal:
    case Style::BaseN:
    case Style::Float:
    case Style::Constant:
        return CodeRole::Number;
    case Style::Comment:
    case Style::Documentation:
    case Style::Annotation:
    case Style::CommentVar:
    case Style::RegionMarker:
    case Style::Information:
        return CodeRole::Comment;
    case Style::Preprocessor:
    case Style::Import:
        return CodeRole::Preprocessor;
    default: // errors and alerts too: half a file looks wrong to a grammar, which is not worth an alarm
        return CodeRole::Plain;
    }
}

} // namespace

class DiffSyntax::Reader final : public KSyntaxHighlighting::AbstractHighlighter {
public:
    QList<CodeSpan> read(const QString &text, KSyntaxHighlighting::State &state)
    {
        m_spans.clear();
        state = highlightLine(text, state);
        return m_spans;
    }

    KSyntaxHighlighting::State oldState;
    KSyntaxHighlighting::State newState;

protected:
    void applyFormat(int offset, int length, const KSyntaxHighlighting::Format &format) override
    {
        const CodeRole role = roleOf(format.textStyle());
        if (role != CodeRole::Plain && length > 0)
            m_spans.append({.start = offset, .length = length, .role = role});
    }

private:
    QList<CodeSpan> m_spans;
};

DiffSyntax::DiffSyntax()
    : m_reader(std::make_unique<Reader>())
{
}

DiffSyntax::~DiffSyntax() = default;

void DiffSyntax::setFile(const QString &path)
{
    m_reader->setDefinition(repository().definitionForFileName(path));
    m_reader->oldState = {};
    m_reader->newState = {};
}

bool DiffSyntax::isPlain() const { return !m_reader->definition().isValid(); }

QList<CodeSpan> DiffSyntax::next(const DiffRow &row, const QString &text)
{
    if (row.kind == DiffRowKind::Hunk) {
        m_reader->oldState = {};
        m_reader->newState = {};
        return {};
    }
    if (row.kind == DiffRowKind::Note || isPlain() || text.size() > longestLine)
        return {};
    if (row.kind == DiffRowKind::Removed)
        return m_reader->read(text, m_reader->oldState);
    QList<CodeSpan> spans = m_reader->read(text, m_reader->newState);
    if (row.kind == DiffRowKind::Context)
        m_reader->oldState = m_reader->newState;
    return spans;
}

} // namespace muster
