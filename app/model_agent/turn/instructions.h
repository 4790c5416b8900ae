// What a model is told before anything else, and what is said to it along with prompts. English, because that
// is what models are made for; not for people. Pure.
#pragma once

#include <QJsonArray>
#include <QString>

namespace muster::model {

[[nodiscard]] QString instructionsFor(const QString &workspace);

// The blocks of a prompt of the Agent Client Protocol as one text: what is context is marked as such.
[[nodiscard]] QString promptText(const QJsonArray &blocks);

} // namespace muster::model
