#include "core/agent/stderr_tail.h"

#include "core/base/redactor.h"

namespace muster {

namespace {

// Where an escape sequence that begins at `at` ends: ECMA-48 CSI, string sequences, or two characters.
qsizetype escapeEnd(const QString &text, qsizetype at)
{
    if (at + 1 >= text.size())
        return at + 1;
    const QChar kind = text.at(at + 1);
    qsizetype i = at + 2;
    if (kind == u'[') {
        while (i < text.size() && (text.at(i) < u'@' || text.at(i) > u'~'))
            ++i;
        return i + 1;
    }
    if (QStringView(u"]PX^_").contains(kind)) {
        while (i < text.size() && text.at(i) != u'\a' && text.at(i) != u'\x1b' && text.at(i) != u'\n')
            ++i;
        return i < text.size() && text.at(i) == u'\n' ? i : i + 1;
    }
    return i;
}

} // namespace

QString withoutEscapes(const QString &text)
{
    QString clean;
    clean.reserve(text.size());
    for (qsizetype i = 0; i < text.size();) {
        const QChar c = text.at(i);
        if (c == u'\x1b') {
            i = escapeEnd(text, i);
            continue;
        }
        if (c == u'\n' || c == u'\t' || c.category() != QChar::Other_Control)
            clean += c;
        ++i;
    }
    return clean;
}

void StderrTail::append(QByteArrayView bytes)
{
    m_total += bytes.size();
    m_bytes.append(bytes.last(std::min(bytes.size(), kept)));
    if (m_bytes.size() > 2 * kept)
        m_bytes.remove(0, m_bytes.size() - kept);
}

QString StderrTail::text() const
{
    QByteArrayView tail = QByteArrayView(m_bytes).last(std::min(m_bytes.size(), kept));
    if (m_total > tail.size()) {
        const qsizetype lineEnd = tail.indexOf('\n');
        tail = tail.sliced(lineEnd + 1); // the first line may have lost its start
    }
    return Redactor::global().redact(withoutEscapes(QString::fromUtf8(tail))).trimmed();
}

} // namespace muster
