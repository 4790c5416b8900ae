// Expressions `${{ … }}` in the text of a flow file: where they are and what they read. They are evaluated
// elsewhere (expression_evaluator.h). Offsets are in the text given, in UTF-16 units. Any thread.
#pragma once

#include "core/flow/problem_codes.h"

#include <QString>
#include <QStringList>

#include <optional>
#include <vector>

namespace muster {

inline constexpr qsizetype kLongestExpression = 16 * 1024;

struct ExpressionFault {
    FlowProblemCode code = FlowProblemCode::ExpressionSyntax;
    qsizetype offset = 0;
    QString found;
    QStringList expected;
};

// A name that an expression reads and does not declare itself: `inputs.focus` is root "inputs", name "focus";
// `steps.a.json` has field "json" too.
struct ExpressionReference {
    QString root;
    QString name;
    QString field;
    bool dynamic = false; // what follows the root is computed, or nothing follows
    qsizetype offset = 0;
};

struct ExpressionSpan {
    QString source;       // without the braces, trimmed
    qsizetype offset = 0; // of the "${{"
    std::vector<ExpressionReference> references;
};

struct ExpressionText {
    QStringList literals; // one more than expressions
    std::vector<ExpressionSpan> expressions;
    std::vector<ExpressionFault> faults;
};

[[nodiscard]] ExpressionText scanExpressions(const QString &text);

struct ScriptScan {
    std::vector<ExpressionReference> references;
    std::vector<ExpressionFault> faults; // brackets and quotes that do not close
};

// The code of a script: an expression or the body of a function.
[[nodiscard]] ScriptScan scanScript(const QString &code);

// Names of JavaScript that expressions may use beside what the flow gives them.
[[nodiscard]] bool isPlainJsName(const QString &name);
// Names that would make the same expression give another value another time, or reach out.
[[nodiscard]] bool isImpureJsName(const QString &name);

} // namespace muster
