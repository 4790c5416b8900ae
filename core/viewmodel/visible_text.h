// Text that a person is to judge, with what cannot be seen made visible: marks that turn the order of writing
// round, characters without width, control characters and line separators become "⟨U+202E⟩". Line feeds and
// tabs stay. Source: Unicode general categories Cc, Cf, Zl and Zp, and the fillers that fonts leave blank.
// Pure, any thread.
#pragma once

#include <QString>

namespace muster {

[[nodiscard]] QString withVisibleMarks(const QString &text);

} // namespace muster
