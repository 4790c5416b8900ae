// Composes a survey document from what readers of the parts wrote and from the repository itself: every
// number and name in it was counted or read, nothing is guessed. Any thread.
#pragma once

#include "app/demo_agent/analysis/git.h"
#include "app/demo_agent/reading/coverage.h"
#include "app/demo_agent/reading/inventory.h"

#include <QHash>

namespace muster::demo {

// What the readers wrote, by the path of the part: found in the texts that came with the prompt by the
// first line of each ("**path** — …"). A part without a text is read again.
using ReaderTexts = QHash<QString, QString>;
[[nodiscard]] ReaderTexts findReaderTexts(const QStringList &context, const ModuleList &modules);

struct SurveyInput {
    const Repository &repository;
    const Inventory &inventory;
    const TestIndex &tests;
    const Result<History> &history;
    ReaderTexts readers;
};

[[nodiscard]] QString composeSurvey(const SurveyInput &input, const StopCheck &stop = {});

} // namespace muster::demo
