// Tokens that cannot be guessed, from the system's generator. Any thread.
#pragma once

#include <QString>

namespace muster {

// `bytes` of randomness (16 or more for anything that must not be guessed) as URL-safe base64 without
// padding.
[[nodiscard]] QString randomToken(int bytes = 24);

} // namespace muster
