// Where and as what text a new step goes into a flow file, so that the rest of the file stays as it is to the
// letter. Also the file of a new flow. Pure, any thread.
#pragma once

#include <QString>
#include <QStringList>

#include <optional>

namespace muster {

struct NewStep {
    QString id;
    QString kind; // the key that says it: prompt, run, approval, script, delay
    QString text; // the prompt, the command, the question, the code, the time
    QStringList needs;
    QString profile; // of an agent; empty: none
    QString output;  // json; empty: text
    QString foreach; // an expression or a list; empty: none
};

struct TextInsert {
    qsizetype at = 0; // in UTF-16 units
    QString text;
    qsizetype cursor = 0; // in the text with it: at the new step's first key
};

// At the end of `steps:`, indented as the steps there are; with a `steps:` of its own where there is none.
// None: what follows `steps:` is written in one line ("steps: [ … ]"), which nothing can be added to by
// lines.
[[nodiscard]] std::optional<TextInsert> insertStep(const QString &file, const NewStep &step);

// A flow of that name with one step, to begin with.
[[nodiscard]] QString newFlowText(const QString &name);

} // namespace muster
