// Parts of the sentences of events, out of their data. Not for other folders.
#pragma once

#include "core/viewmodel/describe.h"

#include <QCoreApplication>
#include <QHash>
#include <QJsonObject>

#include <functional>

namespace muster::event_words {

struct DescribeEvent {
    Q_DECLARE_TR_FUNCTIONS(DescribeEvent)
};

// The sentence of one kind of event, from its data.
using EventWriter = std::function<QString(const QJsonObject &)>;

[[nodiscard]] QString text(const QJsonObject &data, QLatin1StringView key);
[[nodiscard]] QString oneLine(QString words);
[[nodiscard]] QString joined(const QString &what, const QString &then); // "what: then", or the one there is
[[nodiscard]] QString withDetail(const QString &words, const QString &detail);
[[nodiscard]] QString reasonIn(const QJsonObject &data);
// The reason with the detail that was kept; without a reason the detail alone.
[[nodiscard]] QString failureIn(const QJsonObject &data);

// The text form of an attempt's key, "RUN/STEP[ITEM]#ATTEMPT", cut in two.
struct KeyParts {
    QString step;
    QString attempt;
};

[[nodiscard]] KeyParts partsOf(const QString &key);
[[nodiscard]] QString attemptIn(const QJsonObject &data);
[[nodiscard]] QString stepIn(const QJsonObject &data);
[[nodiscard]] QString statusWord(const QJsonObject &data);
[[nodiscard]] QString outcomeWord(const QString &outcome);
[[nodiscard]] QString settledWords(const QJsonObject &data); // of a run, a step or a task

// Of runs and their steps.
[[nodiscard]] QHash<QString, EventWriter> flowEventWriters();
[[nodiscard]] QHash<QString, EventWriter> scheduleEventWriters();

} // namespace muster::event_words
