// What is wrong with a key that cannot be read, and what to do: as a check of the set-up advises it (codes,
// their sentences are in core/viewmodel), and as the reason why an agent does not start. Of the errors of
// Credentials and Accounts. Any thread.
#pragma once

#include "core/base/error.h"

namespace muster {

[[nodiscard]] QString adviceFor(const Error &error);

// "a key cannot be read, the keychain is locked (A_KEY)".
[[nodiscard]] QString signInDetail(const Error &error);

} // namespace muster
