#include "core/base/random_token.h"

#include <QByteArray>
#include <QList>
#include <QRandomGenerator>

namespace muster {

QString randomToken(int bytes)
{
    QList<quint32> words((bytes + 3) / 4);
    QRandomGenerator::system()->fillRange(words.data(), words.size());
    QByteArray raw;
    for (const quint32 word : std::as_const(words)) {
        for (int shift = 0; shift < 32; shift += 8)
            raw.append(static_cast<char>((word >> shift) & 0xff));
    }
    raw.truncate(bytes);
    return QString::fromLatin1(raw.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals));
}

} // namespace muster
