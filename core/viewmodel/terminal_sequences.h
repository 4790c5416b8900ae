// Which control sequences a terminal may get, and in which form: the policy of TerminalFilter, as pure
// functions over one whole sequence. Any thread.
#pragma once

#include <QByteArray>
#include <QByteArrayView>

namespace muster {

// `body` is what stands between "ESC [" and the final byte. The answer is the sequence, rewritten
// where it has to be; empty: drop it.
[[nodiscard]] QByteArray allowedCsi(QByteArrayView body, uchar final, int maxNumber);

// `body` holds the bytes after ESC, the final one included, of a sequence that is not CSI nor a string.
[[nodiscard]] bool isAllowedEscape(QByteArrayView body);

} // namespace muster
