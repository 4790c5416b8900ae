// Which files are tests and how many tests they hold, by the conventions of each language. Any thread.
#pragma once

#include "app/demo_agent/analysis/language.h"

#include <QByteArray>
#include <QString>

namespace muster::demo {

// By its name alone: "test_x.py", "x.spec.ts", "t/x.t", "tst_x.cpp" and so on.
[[nodiscard]] bool hasTestName(const QString &path);
// Lies in a folder that is by custom for tests.
[[nodiscard]] bool inTestFolder(const QString &path);
// The test functions declared in a text; approximate where a language has no fixed form.
[[nodiscard]] int countTests(const QByteArray &text, const Language &language, const QString &path);

} // namespace muster::demo
