#include "core/secrets/sealed_file.h"

#include <QtEndian>

#include <sodium.h>

#include <algorithm>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr QByteArrayView magic = "MUSTKEYS";
constexpr quint32 version = 1;
constexpr qsizetype saltAt = 20;
constexpr qsizetype saltSize = crypto_pwhash_argon2id_SALTBYTES;
constexpr qsizetype nonceAt = saltAt + saltSize;
constexpr qsizetype headSize = nonceAt + crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr qsizetype tagSize = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr qsizetype sumSize = crypto_generichash_BYTES;

// Far above what Muster writes; a forged file must not take the machine's time and memory.
constexpr SealCost most{.operations = 20, .memoryKib = 2 * 1024 * 1024};

std::unexpected<Error> damaged(const QString &what)
{
    return fail(ErrorCode::Corrupt, what, u"key_file_damaged"_s);
}

const unsigned char *raw(const QByteArray &bytes)
{
    return reinterpret_cast<const unsigned char *>(bytes.constData());
}

unsigned char *raw(QByteArray &bytes) { return reinterpret_cast<unsigned char *>(bytes.data()); }

void append(QByteArray &out, quint32 number)
{
    const quint32 big = qToBigEndian(number);
    out.append(reinterpret_cast<const char *>(&big), sizeof big);
}

quint32 numberAt(const QByteArray &bytes, qsizetype at)
{
    return qFromBigEndian<quint32>(bytes.constData() + at);
}

QByteArray randomBytes(qsizetype size)
{
    QByteArray bytes(size, Qt::Uninitialized);
    randombytes_buf(bytes.data(), static_cast<std::size_t>(size));
    return bytes;
}

QByteArray sumOf(const QByteArray &bytes)
{
    QByteArray sum(sumSize, Qt::Uninitialized);
    crypto_generichash(raw(sum), sumSize, raw(bytes), static_cast<unsigned long long>(bytes.size()), nullptr,
                       0);
    return sum;
}

QByteArray headOf(const SealKey &key)
{
    QByteArray head = magic.toByteArray();
    append(head, version);
    append(head, key.cost.operations);
    append(head, key.cost.memoryKib);
    return head + key.salt + randomBytes(headSize - nonceAt);
}

SealCost costIn(const QByteArray &file)
{
    return {.operations = numberAt(file, 12), .memoryKib = numberAt(file, 16)};
}

Status check(const QByteArray &file)
{
    if (sodium_init() < 0)
        return fail(ErrorCode::Internal, u"sodium_init"_s, u"key_file"_s);
    if (!file.startsWith(magic) || file.size() < saltAt)
        return damaged(u"beginning"_s);
    if (file.size() < headSize + tagSize + sumSize || sumOf(file.chopped(sumSize)) != file.last(sumSize))
        return damaged(u"checksum"_s);
    if (numberAt(file, 8) != version)
        return fail(ErrorCode::NewerStore, QString::number(numberAt(file, 8)), u"key_file_version"_s);
    const SealCost cost = costIn(file);
    if (cost.operations > most.operations || cost.memoryKib > most.memoryKib)
        return damaged(u"cost"_s);
    return {};
}

Result<SealKey> derive(const LockedBytes &passphrase, const SealCost &cost, const QByteArray &salt)
{
    SealKey out{.cost = cost, .salt = salt, .key = LockedBytes(crypto_aead_xchacha20poly1305_ietf_KEYBYTES)};
    const std::size_t memory = std::size_t{cost.memoryKib} * 1024;
    const bool done = out.key.data() &&
                      crypto_pwhash(out.key.data(), out.key.size(),
                                    reinterpret_cast<const char *>(passphrase.data()), passphrase.size(),
                                    raw(salt), cost.operations, memory, crypto_pwhash_ALG_ARGON2ID13) == 0;
    if (!done)
        return fail(ErrorCode::TooLarge, u"%1 MiB"_s.arg(cost.memoryKib / 1024), u"key_file"_s);
    return out;
}

} // namespace

Result<SealKey> newSealKey(const LockedBytes &passphrase, const SealCost &cost)
{
    if (sodium_init() < 0)
        return fail(ErrorCode::Internal, u"sodium_init"_s, u"key_file"_s);
    return derive(passphrase, cost, randomBytes(saltSize));
}

Result<SealKey> sealKeyOf(const LockedBytes &passphrase, const QByteArray &file)
{
    if (const Status whole = check(file); !whole)
        return std::unexpected(whole.error());
    return derive(passphrase, costIn(file), file.sliced(saltAt, saltSize));
}

Result<QByteArray> seal(const SealKey &key, const LockedBytes &content)
{
    QByteArray file = headOf(key);
    const QByteArray head = file;
    file.resize(headSize + static_cast<qsizetype>(content.size()) + tagSize);
    unsigned long long size = 0;
    if (crypto_aead_xchacha20poly1305_ietf_encrypt(raw(file) + headSize, &size, content.data(),
                                                   content.size(), raw(head), headSize, nullptr,
                                                   raw(head) + nonceAt, key.key.data()) != 0)
        return fail(ErrorCode::Internal, u"seal"_s, u"key_file"_s);
    return file + sumOf(file);
}

Result<LockedBytes> unseal(const SealKey &key, const QByteArray &file)
{
    if (const Status whole = check(file); !whole)
        return std::unexpected(whole.error());
    const std::unexpected<Error> wrong = fail(ErrorCode::PermissionDenied, {}, u"passphrase"_s);
    if (key.salt != file.sliced(saltAt, saltSize) || key.cost != costIn(file))
        return wrong;
    const qsizetype sealedSize = file.size() - headSize - sumSize;
    LockedBytes content(static_cast<std::size_t>(sealedSize - tagSize));
    if (!content.data())
        return fail(ErrorCode::TooLarge, {}, u"key_file"_s);
    unsigned long long size = 0;
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(content.data(), &size, nullptr, raw(file) + headSize,
                                                   static_cast<unsigned long long>(sealedSize), raw(file),
                                                   headSize, raw(file) + nonceAt, key.key.data()) != 0)
        return wrong;
    return content;
}

} // namespace muster
