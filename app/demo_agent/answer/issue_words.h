// Sorts an issue by the words in it, and finds the places in a repository that use its words. Nothing is
// understood: which words counted is part of the answer. Any thread.
#pragma once

#include "app/demo_agent/analysis/repository.h"
#include "app/demo_agent/analysis/stop.h"

#include <QJsonObject>

namespace muster::demo {

// {kind, urgency, why}: bug, feature, question, docs, chore or unclear; high, normal or low.
[[nodiscard]] QJsonObject classifyIssue(const QString &issue);

// At most three places, as Markdown: where it says itself, else the lines of files with the most of its
// words.
[[nodiscard]] QString placesOfIssue(const Repository &repository, const QString &issue,
                                    const StopCheck &stop);

} // namespace muster::demo
