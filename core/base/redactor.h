// Redactor: masks secrets in text that leaves the program's memory for a log, an export or a notification:
// those registered while running (as they are, escaped as in JSON, in base64, percent-encoded) and anything
// that looks like a well-known kind of token. Masks too much rather than too little. Any thread.
#pragma once

#include <QReadWriteLock>
#include <QString>
#include <QStringList>

namespace muster {

class Redactor {
public:
    // The one that logs use.
    [[nodiscard]] static Redactor &global();

    // Shorter ones than 6 characters are ignored: masking them would shred every text.
    void addSecret(const QString &secret);
    void removeSecret(const QString &secret);

    [[nodiscard]] QString redact(const QString &text) const;

private:
    mutable QReadWriteLock m_lock;
    QStringList m_forms; // longest first
    QStringList m_secrets;

    void rebuild();
};

} // namespace muster
