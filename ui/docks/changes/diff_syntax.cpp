#include "ui/docks/changes/diff_syntax.h"

namespace muster {

void DiffSyntax::setFile(const QString &path)
{
    m_reader.setFile(path);
    m_old = {};
    m_new = {};
}

QList<CodeSpan> DiffSyntax::next(const DiffRow &row, const QString &text)
{
    if (row.kind == DiffRowKind::Hunk) {
        m_old = {};
        m_new = {};
        return {};
    }
    if (row.kind == DiffRowKind::Note || isPlain())
        return {};
    if (row.kind == DiffRowKind::Removed)
        return m_reader.read(text, m_old);
    QList<CodeSpan> spans = m_reader.read(text, m_new);
    if (row.kind == DiffRowKind::Context)
        m_old = m_new;
    return spans;
}

} // namespace muster
