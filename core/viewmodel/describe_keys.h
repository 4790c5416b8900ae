// Text for people about the keys that sign runtimes in: where they are kept, and what to do where one cannot
// be read. Any thread.
#pragma once

#include "core/node/api/key_values.h"

namespace muster {

// Where a key is: "keychain", "encrypted file, locked", "memory", "environment", "not set".
[[nodiscard]] QString describePlace(const api::SecretInfo &key);
// A choice of keys.store: "System keychain".
[[nodiscard]] QString describeKeyStore(const QString &store);
// What that means for the person, a sentence or two.
[[nodiscard]] QString describeKeyStoreMeaning(const QString &store);
// "A_KEY is in the keychain; agents that need it get it from their next start on."
[[nodiscard]] QString describeKept(const QString &name, const QString &place);
// Of the codes of a check of the set-up, those about places of keys.
[[nodiscard]] QString describeKeyAdvice(const QString &code);

} // namespace muster
