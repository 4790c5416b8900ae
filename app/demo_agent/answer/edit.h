// A change of one file: made from an intent without touching the disk, shown, and only then written. Any
// thread.
#pragma once

#include "app/demo_agent/answer/intent.h"
#include "core/base/result.h"

#include <QString>

namespace muster::demo {

struct Edit {
    QString path;  // absolute
    QString shown; // as people write it, relative to the root
    QString oldText;
    QString newText;
    bool existed = false;
};

// For Append, Replace and WriteFile (with `content` as the whole text). Errors: those of pathInside();
// NotFound (no such file, or the text to replace is not in it); TooLarge; Conflict (it would change nothing).
[[nodiscard]] Result<Edit> planEdit(const QString &root, const Intent &intent);
[[nodiscard]] Result<Edit> planWrite(const QString &root, const QString &path, const QString &content);

// Conflict if the file is not as it was when the edit was planned; the guard is asked again.
[[nodiscard]] Status applyEdit(const QString &root, const Edit &edit);

} // namespace muster::demo
