#include "core/secrets/locked_bytes.h"

#include <QByteArray>
#include <QString>

#include <sodium.h>

#include <algorithm>

namespace muster {

LockedBytes::LockedBytes(std::size_t size)
{
    // Its own rule: before anything else, from any thread, as often as one likes.
    if (sodium_init() < 0)
        return;
    m_data = static_cast<unsigned char *>(sodium_malloc(size));
    m_size = m_data ? size : 0;
}

LockedBytes::~LockedBytes() { sodium_free(m_data); }

LockedBytes lockedUtf8(const QString &text)
{
    QString composed = text.normalized(QString::NormalizationForm_C);
    QByteArray bytes = composed.toUtf8();
    LockedBytes locked(static_cast<std::size_t>(bytes.size()));
    if (locked.data())
        std::ranges::copy(bytes, locked.data());
    wipe(bytes);
    if (!composed.isSharedWith(text))
        sodium_memzero(composed.data(), static_cast<std::size_t>(composed.size()) * sizeof(QChar));
    return locked;
}

void wipe(QByteArray &bytes) { sodium_memzero(bytes.data(), static_cast<std::size_t>(bytes.size())); }

} // namespace muster
