// What a step of a run is called for people: by its name, an item of a list by what it is about. Pure; any
// thread.
#pragma once

#include <QJsonValue>
#include <QString>

namespace muster {

// What an item of a list is about: its name, path, id or title, else the item itself. One line of at most 80
// characters; empty where it says nothing.
[[nodiscard]] QString itemLabel(const QJsonValue &item);
// As flows and records name it: "read[2]"; "read" for the step itself (`index` below 0).
[[nodiscard]] QString stepCode(const QString &step, int index);
// "larder"; by its number, counted from one, where its label is empty: "read 3".
[[nodiscard]] QString itemTitle(const QString &step, int index, const QString &label);
// "read · larder", "read 3"; "read" for the step itself (`index` below 0).
[[nodiscard]] QString stepTitle(const QString &step, int index, const QString &label);

} // namespace muster
