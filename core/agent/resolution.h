// Which runtime a task runs on: the first that somebody wishes for; if that one cannot be used and there is a
// fallback, the first of the fallback that can. What was wished and why it was not taken is part of the
// answer, so that it can be recorded and shown. Pure. Source: spec "agents", Resolution.
#pragma once

#include "core/agent/launch_problem.h"

#include <QHash>
#include <QString>
#include <QStringList>

#include <vector>

namespace muster {

// In the order in which they apply. Those with an empty runtime wish nothing.
struct RuntimeWish {
    QString by; // step, profile, default
    QString runtime;
    QString model; // of that runtime; empty: its own
};

struct Resolution {
    QString runtime;
    QString model;
    QString by;                                  // of the wish
    QString wished;                              // the runtime that was not taken; empty: the wish was
    LaunchProblem problem = LaunchProblem::None; // of what was wished

    // For the store: "step", "step; claude: not_installed", "step; account work: most_left" (where the
    // runtime has several; an account without a name is "(first)"), or all three.
    [[nodiscard]] QString reason() const;
    [[nodiscard]] QString reasonWith(const QString &account, const QString &why) const;
};

// The runtime that was wished for and what was wrong with it, out of such a reason; both empty where the wish
// was taken.
struct PassedOver {
    QString runtime;
    QString problem;
};
[[nodiscard]] PassedOver passedOverIn(const QString &reason);

// `problems`: of the runtimes that cannot be used. Where no other can either, the wish itself is the answer,
// and its start will say what is wrong.
[[nodiscard]] Resolution resolveRuntime(const std::vector<RuntimeWish> &wishes, const QStringList &fallback,
                                        const QHash<QString, LaunchProblem> &problems);

// A fallback as it is set: names between commas or spaces.
[[nodiscard]] QStringList namesIn(const QString &setting);

} // namespace muster
