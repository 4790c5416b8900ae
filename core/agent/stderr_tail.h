// The end of what an agent wrote to stderr, for the report of a failed launch: bounded, without terminal
// escapes and control characters, secrets masked. One thread.
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

namespace muster {

class StderrTail {
public:
    static constexpr qsizetype kept = 16LL * 1024;

    void append(QByteArrayView bytes);
    [[nodiscard]] QString text() const; // whole lines, the last ones

private:
    QByteArray m_bytes;
    qint64 m_total = 0;
};

// Text without escape sequences and control characters other than line ends and tabs.
[[nodiscard]] QString withoutEscapes(const QString &text);

} // namespace muster
