// The form of the encrypted file of keys, in memory: bytes in, bytes out, no file is touched. Any thread;
// deriving a key takes the time and memory that its cost says.
//
//   8  "MUSTKEYS"          4  version (1)            numbers are big-endian
//   4  operations          4  memory, KiB            of Argon2id (version 1.3, one lane)
//  16  salt               24  nonce                  both random; the nonce anew with every sealing
//   …  the names and values, encrypted and authenticated with XChaCha20-Poly1305; everything before is
//      authenticated with them
//  32  BLAKE2b of all before: tells a damaged file from a wrong passphrase, and proves nothing else
//
// Inside, for each key: length and name, length and value (4 bytes and UTF-8).
// Errors, `where`: Corrupt "key_file_damaged"; NewerStore "key_file_version"; PermissionDenied "passphrase"
// (the file is whole, and was not sealed with this); TooLarge "key_file" (no memory for the derivation).
// Source: RFC 9106 (Argon2id), draft-irtf-cfrg-xchacha, libsodium's documentation.
#pragma once

#include "core/base/result.h"
#include "core/secrets/locked_bytes.h"

#include <QByteArray>

namespace muster {

// What guessing one passphrase costs.
struct SealCost {
    quint32 operations = 3;
    quint32 memoryKib = 256 * 1024;

    friend bool operator==(const SealCost &, const SealCost &) = default;
};

// A key, and what it was derived with.
struct SealKey {
    SealCost cost;
    QByteArray salt;
    LockedBytes key;
};

// Of a new file.
[[nodiscard]] Result<SealKey> newSealKey(const LockedBytes &passphrase, const SealCost &cost);
// Of the file with these bytes, whether the passphrase is right or not.
[[nodiscard]] Result<SealKey> sealKeyOf(const LockedBytes &passphrase, const QByteArray &file);

[[nodiscard]] Result<QByteArray> seal(const SealKey &key, const LockedBytes &content);
[[nodiscard]] Result<LockedBytes> unseal(const SealKey &key, const QByteArray &file);

// Of the content: NotFound "secret" with the name, Corrupt.
[[nodiscard]] Result<QString> valueIn(const LockedBytes &content, const QString &name);
// The content with another value of this name, or (null) without it.
[[nodiscard]] Result<LockedBytes> withValue(const LockedBytes &content, const QString &name,
                                            const QString *value);

} // namespace muster
