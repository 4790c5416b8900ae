// Recognises a licence by phrases of its text. Any thread.
#pragma once

#include <QString>

namespace muster::demo {

// The SPDX name; empty if the text is not known.
[[nodiscard]] QString licenceOf(const QString &text);

} // namespace muster::demo
