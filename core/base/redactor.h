// Redactor: masks secrets in text that leaves the program's memory for a log, an export or a notification:
// those registered while running (as they are, escaped as in JSON, in base64, percent-encoded) and anything
// that looks like a well-known kind of token. Masks too much rather than too little. Any thread.
#pragma once

#include <QJsonObject>
#include <QReadWriteLock>
#include <QString>
#include <QStringList>

#include <array>
#include <atomic>

namespace muster {

class Redactor {
public:
    static constexpr qsizetype shortestSecret = 8;

    // The one that logs and the store use.
    [[nodiscard]] static Redactor &global();

    // Shorter ones than `shortestSecret` are ignored: masking them would shred every text.
    void addSecret(const QString &secret);
    void removeSecret(const QString &secret);

    [[nodiscard]] bool knowsAny() const { return m_any; }

    [[nodiscard]] QString redact(const QString &text) const;
    // Only those that were registered: for what is kept and used again (transcripts, results), where a mere
    // look of a token must not change the text.
    [[nodiscard]] QString redactKnown(const QString &text) const;
    [[nodiscard]] QJsonObject redactKnown(const QJsonObject &json) const;
    // The same of a text that goes on: takes from `pending` what can be told, and leaves what may be the
    // beginning of a secret: at most four times the longest one.
    [[nodiscard]] QString redactSoFar(QString &pending) const;

private:
    // A stretch of a text that secrets cover; `begin` is the text's end where there is none.
    struct Covered {
        qsizetype begin = 0;
        qsizetype end = 0;
    };

    mutable QReadWriteLock m_lock;
    std::atomic<bool> m_any = false;
    QStringList m_forms; // longest first
    QStringList m_secrets;
    std::array<bool, 256> m_begins{}; // by the low byte of a form's first unit

    void rebuild();
    [[nodiscard]] qsizetype lengthAt(QStringView text) const;
    [[nodiscard]] bool mayGoOn(QStringView text) const;
    [[nodiscard]] Covered nextCovered(QStringView text, qsizetype from) const;
    [[nodiscard]] qsizetype openEnd(QStringView text) const;
    [[nodiscard]] QString masked(const QString &text) const;
};

} // namespace muster
